"""How words find goods, without a database: what phrases mean, what a query asks, and under which words goods stand."""
