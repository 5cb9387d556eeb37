"""The schedule: `schedules.yaml`, its slots, and what starts runs from them."""
