package cardart

// The printed words. A card is Vietnamese whatever language the program speaks;
// the second line is for readers from abroad.
const (
	wordTitle    = "THẺ KIỂM SOÁT DỊCH BỆNH"
	wordTitleEn  = "Epidemic control card"
	wordName     = "Họ và tên"
	wordBirth    = "Năm sinh"
	wordWard     = "Nơi ở"
	wordIssued   = "Ngày cấp"
	wordExpires  = "Giá trị đến"
	wordCreator  = "Qua Chốt"
	wordDocument = "Thẻ kiểm soát dịch bệnh"
)
