"""Software robots for medical-billing back offices."""
