package screen

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// seal is today's seed of the turning seal: another one each day and for each
// deployment, so that a photo of yesterday's green is told apart. It is no secret
// that proves anything; it makes a kept picture look wrong.
func seal(deployment string, day time.Time) string {
	sum := sha256.Sum256([]byte("quachot seal 1\n" + deployment + "\n" + day.Format(time.DateOnly)))
	return hex.EncodeToString(sum[:4])
}
