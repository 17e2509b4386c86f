package journal

import "go.etcd.io/bbolt"

// stateRows are the rows of one bucket, changes not yet in the database included.
func (j *Journal) stateRows(bucket []byte) []stateRow {
	var rows []stateRow
	seen := map[[stateKeySize]byte]bool{}
	j.mu.RLock()
	for k, r := range j.overlay {
		if string(k[:stateBucketSize]) == string(bucket) {
			rows = append(rows, r)
			seen[k] = true
		}
	}
	j.mu.RUnlock()
	err := j.view(func(tx *bbolt.Tx) error {
		c := tx.Bucket(bucketState).Cursor()
		for k, v := c.Seek(bucket); len(k) == stateKeySize && string(k[:stateBucketSize]) == string(bucket); k, v = c.Next() {
			if key := [stateKeySize]byte(k); !seen[key] {
				rows = append(rows, stateRow{key: key, value: append([]byte(nil), v...)})
			}
		}
		return nil
	})
	if err != nil {
		j.log.Error("state cannot be read", "err", err)
	}
	return rows
}
