"""Components and the scopes that they live in: from functions to one flush of the tree."""
