package credential

// Line is r in the form of one output line of `kiosk read`; it marshals to
// {kind,trust,reason,warnings:[code],fields:{...}}.
func Line(r Reading) any { return nil }
