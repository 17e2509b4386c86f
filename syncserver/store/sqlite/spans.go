package sqlite

import (
	"fmt"
	"strings"
)

// subtract takes cut out of spans, which are in ascending order.
func subtract(spans []span, cut span) []span {
	var out []span
	for _, s := range spans {
		if cut.last < s.first || cut.first > s.last {
			out = append(out, s)
			continue
		}
		if s.first < cut.first {
			out = append(out, span{s.first, cut.first - 1})
		}
		if s.last > cut.last {
			out = append(out, span{cut.last + 1, s.last})
		}
	}
	return out
}

func spansText(spans []span) string {
	parts := make([]string, len(spans))
	for i, s := range spans {
		parts[i] = fmt.Sprintf("%d-%d", s.first, s.last)
	}
	return strings.Join(parts, ",")
}

func parseSpans(text string) ([]span, error) {
	var spans []span
	for part := range strings.SplitSeq(text, ",") {
		if part == "" {
			continue
		}
		var s span
		if _, err := fmt.Sscanf(part, "%d-%d", &s.first, &s.last); err != nil {
			return nil, fmt.Errorf("decode stored ranges %q: %w", text, err)
		}
		spans = append(spans, s)
	}
	return spans, nil
}

func contains(spans []span, seq uint64) bool {
	for _, s := range spans {
		if seq >= s.first && seq <= s.last {
			return true
		}
	}
	return false
}
