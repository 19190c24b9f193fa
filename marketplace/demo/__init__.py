"""Demonstration data: invented people, shops and orders, made through the house's own functions, and the switch between
three of them. Only `manage.py demo_data` and the demo bar come here; the product knows nothing of it.
"""
