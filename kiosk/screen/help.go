package screen

import "quachot/internal/record"

// help is one page: every key, and what each verdict means.
type help struct{}

func newHelp(*Model) page { return &help{} }

func (p *help) key(_ *Model, k Key, hasty bool) ([]Effect, bool) {
	return nil, hasty || k != KeyEscape && k != KeyHelp && k != KeyEnter
}

// helpKeys are the keys of the help page in their order, with the ends of the
// texts' keys under "help.key.<end>".
var helpKeys = []struct {
	key Key
	end string
}{
	{"1", "let-through"}, {"2", "declare"}, {"3", "turned-back"}, {"4", "to-test"}, {"5", "to-quarantine"},
	{"Z", "undo"}, {keyReveal, "reveal"}, {"Esc", "later"}, {"Enter", "next"},
	{KeyHelp, "help"}, {KeyNumber, "number"}, {KeyDeclare, "form"}, {KeyVehicle, "vehicle"}, {KeyDirection, "direction"}, {KeyIncident, "incident"},
	{KeyPaper, "paper"}, {KeyMeter, "meter"}, {KeyDuty, "duty"}, {KeySettings, "settings"}, {"F11", "screen"}, {KeySync, "sync"},
}

func (p *help) draw(m *Model) (Page, []Hint) {
	t := m.words.T
	half := (len(helpKeys) + 1) / 2
	table := &Table{
		Head: []string{t("help.head.key"), t("help.head.does"), t("help.head.key"), t("help.head.does")},
		Wide: []float32{0.8, 3, 0.7, 3}, Row: -1,
	}
	for i := range half {
		row := []string{string(helpKeys[i].key), t("help.key." + helpKeys[i].end), "", ""}
		if j := i + half; j < len(helpKeys) {
			row[2], row[3] = string(helpKeys[j].key), t("help.key."+helpKeys[j].end)
		}
		table.Rows = append(table.Rows, row)
	}
	page := Page{Name: "help", Title: t("help.title"), Table: table}
	for v := record.Pass; v <= record.Unreadable; v++ {
		page.Text = append(page.Text, t("verdict."+v.String())+": "+t("help.verdict."+v.String()))
	}
	page.Text = append(page.Text, m.street()+": "+t("help.verdict.watch"))
	return page, []Hint{{"Esc", t("lane.key.close"), true}}
}
