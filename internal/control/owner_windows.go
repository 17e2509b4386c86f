package control

// checkOwner has nothing to do: the temporary directory is the user's own.
func checkOwner(string) error { return nil }
