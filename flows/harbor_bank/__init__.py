"""Harbor Bank, treasury site."""
