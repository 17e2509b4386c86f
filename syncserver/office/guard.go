package office

import (
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// guard slows guessing down. Each key (an address, a name, both) has free tries;
// every further wrong one doubles the wait up to most. A try is counted before
// it is checked, so that many at once gain nothing, and taken back when right.
type guard struct {
	free  int
	first time.Duration
	most  time.Duration

	mu    sync.Mutex
	tries map[string]tries // guarded by mu; at most maxKeys
}

type tries struct {
	n     int
	until time.Time // no try before
	last  time.Time
}

const maxKeys = 10_000

func newGuard(free int, first, most time.Duration) *guard {
	return &guard{free: free, first: first, most: most, tries: map[string]tries{}}
}

// key is one thing tries are counted for. Slack multiplies the free tries, for
// keys that honest people share.
type key struct {
	name  string
	slack int
}

// take counts one try for all keys and gives 0, or counts nothing and gives how
// long to wait.
func (g *guard) take(now time.Time, keys ...key) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	var wait time.Duration
	for _, k := range keys {
		wait = max(wait, g.tries[k.name].until.Sub(now))
	}
	if wait > 0 {
		return wait
	}
	for _, k := range keys {
		t := g.tries[k.name]
		if now.Sub(t.last) > 2*g.most {
			t = tries{}
		}
		t.n++
		t.last = now
		if over := t.n - g.free*k.slack; over >= 0 {
			t.until = now.Add(min(g.most, g.first<<min(over, 20)))
		}
		g.tries[k.name] = t
	}
	g.trim(now)
	return 0
}

// forget takes the tries of keys back after a right one.
func (g *guard) forget(keys ...key) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, k := range keys {
		delete(g.tries, k.name)
	}
}

// trim keeps the map bounded: what is long past goes first, then the longest
// unused, since an attacker's fresh keys must not push each other out for free.
func (g *guard) trim(now time.Time) {
	if len(g.tries) <= maxKeys {
		return
	}
	var oldest string
	for name, t := range g.tries {
		if now.Sub(t.last) > 2*g.most {
			delete(g.tries, name)
		} else if oldest == "" || t.last.Before(g.tries[oldest].last) {
			oldest = name
		}
	}
	if len(g.tries) > maxKeys {
		delete(g.tries, oldest)
	}
}

// address is who asks, as far as tries are counted: an IPv4 address or the /64
// of an IPv6 one. Headers of proxies are not believed.
func address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	if ip = ip.Unmap(); ip.Is4() {
		return ip.String()
	}
	net64, err := ip.WithZone("").Prefix(64)
	if err != nil {
		return host
	}
	return net64.String()
}
