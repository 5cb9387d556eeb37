"""What a portal is to us: its settings, its login, its one-time codes, and what it can be asked."""
