package demo

import (
	"time"

	"github.com/linli/linli/aid"
)

// Province is the root of the demo areas.
const Province aid.AreaID = "hlj"

const (
	city aid.AreaID = "hlj.harbin"
	zone string     = "Asia/Shanghai"
)

// beneficiaryHome is a street corner in Nangang district.
var beneficiaryHome = aid.Point{Lat: 45.760500, Lng: 126.642300}

// placedArea is an area with the place that its people live around.
type placedArea struct {
	aid.Area
	at aid.Point
}

// areas lists the province, its thirteen prefectures and the districts of its
// capital, parents first.
func areas() []placedArea {
	var out []placedArea
	add := func(parent aid.AreaID, path aid.AreaPath, level aid.AreaLevel, id aid.AreaID, zh, en string, lat, lng float64) aid.AreaPath {
		path = path.Child(id)
		out = append(out, placedArea{
			aid.Area{ID: id, Parent: parent, Path: path, Level: level, NameZh: zh, NameEn: en},
			aid.Point{Lat: lat, Lng: lng},
		})
		return path
	}
	root := add("", "", aid.LevelProvince, Province, "黑龙江省", "Heilongjiang", 47.4, 128.2)
	capital := add(Province, root, aid.LevelPrefecture, city, "哈尔滨市", "Harbin", 45.803, 126.535)
	for _, d := range []struct {
		id, zh, en string
		lat, lng   float64
	}{
		{"nangang", "南岗区", "Nangang", 45.7605, 126.6423},
		{"daoli", "道里区", "Daoli", 45.7558, 126.6169},
		{"daowai", "道外区", "Daowai", 45.7920, 126.6494},
		{"xiangfang", "香坊区", "Xiangfang", 45.7077, 126.6626},
		{"pingfang", "平房区", "Pingfang", 45.5977, 126.6374},
		{"songbei", "松北区", "Songbei", 45.8025, 126.5163},
	} {
		add(city, capital, aid.LevelCounty, city+"."+aid.AreaID(d.id), d.zh, d.en, d.lat, d.lng)
	}
	for _, p := range []struct {
		id, zh, en string
		lat, lng   float64
	}{
		{"qiqihar", "齐齐哈尔市", "Qiqihar", 47.354, 123.918},
		{"jixi", "鸡西市", "Jixi", 45.295, 130.969},
		{"hegang", "鹤岗市", "Hegang", 47.332, 130.277},
		{"shuangyashan", "双鸭山市", "Shuangyashan", 46.643, 131.157},
		{"daqing", "大庆市", "Daqing", 46.587, 125.103},
		{"yichun", "伊春市", "Yichun", 47.728, 128.899},
		{"jiamusi", "佳木斯市", "Jiamusi", 46.800, 130.319},
		{"qitaihe", "七台河市", "Qitaihe", 45.771, 131.003},
		{"mudanjiang", "牡丹江市", "Mudanjiang", 44.551, 129.633},
		{"heihe", "黑河市", "Heihe", 50.245, 127.528},
		{"suihua", "绥化市", "Suihua", 46.654, 126.969},
		{"daxinganling", "大兴安岭地区", "Daxing'anling", 50.411, 124.117},
	} {
		add(Province, root, aid.LevelPrefecture, Province+"."+aid.AreaID(p.id), p.zh, p.en, p.lat, p.lng)
	}
	return out
}

// organisations are a few nodes of both trees.
func organisations() []aid.Organisation {
	return []aid.Organisation{
		{ID: "org-hlj", Tree: "regional", Tier: "association", Area: Province, NameZh: "黑龙江省志愿者协会", NameEn: "Heilongjiang Volunteer Association"},
		{ID: "org-harbin", Parent: "org-hlj", Tree: "regional", Tier: "corps", Area: city, NameZh: "哈尔滨市志愿服务总队", NameEn: "Harbin Volunteer Corps"},
		{ID: "org-nangang", Parent: "org-harbin", Tree: "regional", Tier: "brigade", Area: city + ".nangang", NameZh: "南岗区志愿服务大队", NameEn: "Nangang Volunteer Brigade"},
		{ID: "org-medicine", Tree: "special", Tier: "corps", Area: Province, NameZh: "医疗卫生专项志愿服务总队", NameEn: "Medical Volunteer Corps"},
		{ID: "org-medicine-harbin", Parent: "org-medicine", Tree: "special", Tier: "division", Area: city, NameZh: "哈尔滨市医疗卫生志愿服务支队", NameEn: "Harbin Medical Volunteer Division"},
	}
}

var accountNames = map[aid.Role]string{
	aid.RoleCaseworker:  "王建国（社工）",
	aid.RoleVolunteer:   "林晓明（志愿者）",
	aid.RoleTrainer:     "赵敏（讲师）",
	aid.RoleCoordinator: "孙丽（管理员）",
}

var (
	surnames   = []string{"王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "朱", "马", "胡", "郭", "林", "何", "高", "罗"}
	givenNames = []string{"建国", "秀英", "桂兰", "志强", "丽华", "伟", "敏", "静", "玉兰", "国强", "春梅", "海燕", "明", "红", "晓东", "雪", "文博", "子涵", "雨桐", "俊杰"}
)

func weekday(n int) time.Weekday { return time.Weekday(n % 7) }
