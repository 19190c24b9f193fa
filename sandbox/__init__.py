"""Stand-ins for outside services, speaking their real protocols on this machine only. No product code is used here."""
