package credential

import "time"

// Read says what text is, how far it is proven, and what it says.
func Read(text string, trust *Trusted, now time.Time) Reading { return Reading{Reason: "garbage"} }
