"""The tools of a parcel depot."""
