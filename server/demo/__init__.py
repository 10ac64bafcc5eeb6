"""A made-up company in a made-up town: its data, its last days, and a field day that plays by itself."""
