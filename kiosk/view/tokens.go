package view

// The size everything is given for; the screen is scaled as a whole.
const (
	baseWidth  = 1366
	baseHeight = 768
)

// Type sizes at the base size.
const (
	sizeVerdict = 96
	sizeTitle   = 60
	sizeName    = 48
	sizePage    = 36 // a page's title
	sizeReason  = 28
	sizeEntry   = 26 // what is typed
	sizeChoice  = 24
	sizeText    = 22 // paragraphs
	sizeBody    = 20
	sizeHint    = 18
	sizeSmall   = 16
)

// Heights of the bands at the base size.
const (
	headerHeight = 96
	footerHeight = 60
	noticeHeight = 50
	ribbonHeight = 38
	rowHeight    = 46
	rowsHeight   = 30 + 3*rowHeight + 10
	margin       = 28
)

// touch is the least height of what a glove can hit, in base units; at
// 1366x768 it is as many pixels whatever the system's scaling.
const touch = 56
