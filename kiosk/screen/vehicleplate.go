package screen

import (
	"quachot/assets/rules"
	"quachot/internal/vietnam/plate"
)

// plateField takes a plate and says what is wrong with it as it is typed; a
// foreign one or one that cannot be read is kept as it is by a key of the page.
func plateField() *field {
	f := codeField("plate", "vehicle.plate", 16, plateFault)
	f.help = "vehicle.plate.help"
	return f
}

// plateFault is what is wrong with a plate.
func plateFault(text string, done bool) string {
	if _, err := plate.Parse(text); err != nil && (done || !plate.Begins(text)) {
		return "vehicle.plate.bad"
	}
	return ""
}

// plateText is a plate as it is painted; one that is not understood as it is.
func plateText(text string) string {
	if p, err := plate.Parse(text); err == nil {
		return p.String()
	}
	return text
}

// plateKinds are the ends of the texts' keys under "plate.<end>".
var plateKinds = map[plate.Kind]string{
	plate.Car: "car", plate.Motorbike: "motorbike", plate.Special: "special", plate.Electric: "electric",
	plate.Military: "military", plate.Diplomat: "diplomat", plate.Temporary: "temporary",
}

// plateSays is what a plate tells: whose it is and from where; "" when it is not
// understood.
func (m *Model) plateSays(text string) string {
	p, err := plate.Parse(text)
	if err != nil {
		return ""
	}
	return joined(" · ", m.words.T("plate."+plateKinds[p.Kind]), plate.Province(p.Province))
}

// typeByPlate is the vehicle's type where the plate alone tells; "" = it does not.
func typeByPlate(text string) string {
	if p, err := plate.Parse(text); err == nil && (p.Kind == plate.Motorbike || p.Kind == plate.Electric) {
		return rules.Vehicles[0]
	}
	return ""
}
