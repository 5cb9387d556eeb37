"""The practice bank "Harbor Bank": a treasury site of the old kind, with frames, pop-up windows and hover menus.

It knows neither the robots nor the practice payers: it shows what its shelf holds.
"""
