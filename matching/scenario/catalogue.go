package scenario

import "github.com/linli/linli/aid"

// Skills is the catalogue of skills, the common ones first, with their names.
func Skills() []aid.Named {
	named := make([]aid.Named, len(skills))
	for i, s := range skills {
		named[i] = aid.Named{ID: string(s.id), NameZh: s.nameZh, NameEn: s.nameEn}
	}
	return named
}

// Courses is the catalogue of courses with their names.
func Courses() []aid.Named {
	named := make([]aid.Named, len(courses))
	for i, c := range courses {
		named[i] = aid.Named{ID: string(c.id), NameZh: c.nameZh, NameEn: c.nameEn}
	}
	return named
}

type skill struct {
	id             aid.Skill
	nameZh, nameEn string

	have    int            // of a thousand volunteers
	wanted  int            // weight among requests
	courses []aid.CourseID // what half of the requests for it ask beside
}

type course struct {
	id             aid.CourseID
	nameZh, nameEn string

	have   int // of a thousand volunteers
	lapses int // days for which it holds; 0 for ever
}

// The courses. The first four are the basic textbooks of the training rollout.
const (
	nationalOpinion      = aid.CourseID("national_opinion")
	provincialRegulation = aid.CourseID("provincial_regulation")
	workingNorm          = aid.CourseID("working_norm")
	supportGuide         = aid.CourseID("support_guide")
	firstAidCertificate  = aid.CourseID("first_aid_certificate")
	safeguarding         = aid.CourseID("safeguarding")
	disasterResponse     = aid.CourseID("disaster_response")
	careBasics           = aid.CourseID("care_basics")
)

var courses = []course{
	{nationalOpinion, "志愿服务制度化意见", "National opinion on institutional volunteering", 520, 0},
	{provincialRegulation, "志愿服务条例", "Provincial volunteer service regulation", 480, 0},
	{workingNorm, "志愿服务工作规范", "Provincial working norm", 390, 0},
	{supportGuide, "志愿服务支持系统指南", "Guide to the support system", 310, 0},
	{firstAidCertificate, "急救员证", "First-aid certificate", 90, 730},
	{safeguarding, "未成年人与老年人保护", "Safeguarding of minors and elders", 220, 1095},
	{disasterResponse, "应急救援培训", "Disaster response", 45, 730},
	{careBasics, "照护基础", "Basics of care", 160, 1095},
}

var skills = []skill{
	{"companionship", "陪伴聊天", "Companionship", 420, 16, nil},
	{"elder_care", "助老照料", "Elder care", 260, 14, []aid.CourseID{safeguarding}},
	{"cleaning", "家庭保洁", "House cleaning", 240, 9, nil},
	{"snow_clearing", "清冰除雪", "Snow clearing", 220, 6, nil},
	{"errands", "代购跑腿", "Errands", 210, 8, nil},
	{"meal_delivery", "送餐", "Meal delivery", 150, 8, nil},
	{"driving", "驾驶接送", "Driving", 140, 6, nil},
	{"tutoring", "课业辅导", "Tutoring", 120, 8, []aid.CourseID{safeguarding}},
	{"child_care", "儿童看护", "Child care", 90, 5, []aid.CourseID{safeguarding}},
	{"it_help", "数字设备帮助", "Help with devices", 80, 4, nil},
	{"home_repair", "家电维修", "Home repair", 60, 6, nil},
	{"first_aid", "急救", "First aid", 55, 2, []aid.CourseID{firstAidCertificate}},
	{"medical_escort", "陪诊就医", "Medical escort", 50, 5, []aid.CourseID{careBasics}},
	{"haircut", "上门理发", "Haircut at home", 35, 4, nil},
	{"disaster_relief", "抢险救灾", "Disaster relief", 25, 1, []aid.CourseID{disasterResponse}},
	{"counselling", "心理疏导", "Counselling", 18, 2, nil},
	{"nursing", "护理", "Nursing", 15, 2, []aid.CourseID{careBasics}},
	{"law_advice", "法律咨询", "Legal advice", 12, 2, nil},
	{"korean_language", "朝鲜语", "Korean language", 9, 1, nil},
	{"sign_language", "手语", "Sign language", 4, 1, nil},
	{"russian_language", "俄语", "Russian language", 4, 1, nil},
}
