"""An issue board: the small application of several pages that the guides speak of."""
