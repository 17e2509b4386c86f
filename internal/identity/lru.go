package identity

import "container/list"

// lru remembers the last max documents asked for. Not safe for concurrent use;
// Deriver's mutex guards it.
type lru struct {
	max   int
	byDoc map[Document]*list.Element
	order *list.List // of lruEntry, latest first
}

type lruEntry struct {
	doc  Document
	keys Keys
}

func newLRU(max int) *lru {
	return &lru{max: max, byDoc: make(map[Document]*list.Element), order: list.New()}
}

func (l *lru) get(doc Document) (Keys, bool) {
	e, ok := l.byDoc[doc]
	if !ok {
		return Keys{}, false
	}
	l.order.MoveToFront(e)
	return e.Value.(lruEntry).keys, true
}

func (l *lru) put(doc Document, k Keys) {
	if e, ok := l.byDoc[doc]; ok {
		l.order.MoveToFront(e)
		return
	}
	l.byDoc[doc] = l.order.PushFront(lruEntry{doc, k})
	if l.order.Len() <= l.max {
		return
	}
	last := l.order.Back()
	l.order.Remove(last)
	delete(l.byDoc, last.Value.(lruEntry).doc)
}
