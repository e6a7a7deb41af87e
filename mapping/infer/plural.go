package infer

import (
	"strings"

	"github.com/activitylog-go/activitylog/mapping/internal/wordlist"
)

// Singular returns the singular of a lower-case English noun, or the noun
// itself if it is none that ends like a plural. Only the last word of a
// lower_snake name is changed.
func Singular(name string) string {
	head, last := "", name
	if i := strings.LastIndexByte(name, '_'); i >= 0 {
		head, last = name[:i+1], name[i+1:]
	}
	return head + singular(last)
}

func singular(w string) string {
	if s, ok := irregular[w]; ok {
		return s
	}
	if len(w) <= 2 || !strings.HasSuffix(w, "s") || invariant[w] {
		return w
	}
	for _, r := range pluralEndings {
		if strings.HasSuffix(w, r.ending) && len(w) > len(r.ending) {
			return w[:len(w)-r.cut] + r.add
		}
	}
	return w[:len(w)-1]
}

// pluralEndings are tried in order; a word that ends in s and matches none
// loses it.
var pluralEndings = []struct {
	ending string
	cut    int
	add    string
}{
	{"ss", 0, ""},   // address, access
	{"us", 0, ""},   // status, bonus
	{"is", 0, ""},   // analysis
	{"ies", 3, "y"}, // policies
	{"sses", 2, ""}, // addresses
	{"shes", 2, ""}, // hashes
	{"ches", 2, ""}, // branches
	{"xes", 2, ""},  // boxes
	{"uses", 1, ""}, // warehouses, clauses; statuses is irregular
	{"zzes", 2, ""}, // buzzes
	{"oes", 2, ""},  // heroes
}

// irregular are the plurals that no ending tells.
var irregular = wordlist.Pairs(`
	people:person children:child men:man women:woman feet:foot teeth:tooth mice:mouse geese:goose
	criteria:criterion phenomena:phenomenon indices:index vertices:vertex matrices:matrix
	appendices:appendix schemata:schema alumni:alumnus stimuli:stimulus nuclei:nucleus
	syllabi:syllabus radii:radius curricula:curriculum memoranda:memorandum addenda:addendum
	analyses:analysis diagnoses:diagnosis hypotheses:hypothesis theses:thesis crises:crisis
	syntheses:synthesis synopses:synopsis prognoses:prognosis axes:axis oases:oasis
	parentheses:parenthesis emphases:emphasis
	corpora:corpus genera:genus loci:locus fungi:fungus cacti:cactus foci:focus
	bacteria:bacterium spectra:spectrum referenda:referendum errata:erratum strata:stratum symposia:symposium
	colloquia:colloquium quanta:quantum minima:minimum maxima:maximum aquaria:aquarium honoraria:honorarium
	taxa:taxon automata:automaton codices:codex ellipses:ellipsis oxen:ox
	formulae:formula larvae:larva nebulae:nebula vertebrae:vertebra antennae:antenna algae:alga alumnae:alumna
	statuses:status bonuses:bonus campuses:campus viruses:virus buses:bus censuses:census
	focuses:focus nexuses:nexus surpluses:surplus syllabuses:syllabus radiuses:radius
	apparatuses:apparatus consensuses:consensus minuses:minus pluses:plus menus:menu
	aliases:alias atlases:atlas biases:bias canvases:canvas gases:gas gasses:gas lenses:lens
	cpus:cpu gpus:gpu vcpus:vcpu skus:sku thesauruses:thesaurus
	apis:api kpis:kpi pois:poi taxis:taxi skis:ski wikis:wiki emojis:emoji uris:uri clis:cli
	guis:gui uis:ui safaris:safari bikinis:bikini alibis:alibi ips:ip
	ties:tie pies:pie lies:lie dies:die cookies:cookie movies:movie zombies:zombie
	calories:calorie selfies:selfie brownies:brownie rookies:rookie hoodies:hoodie
	smoothies:smoothie necktie:necktie magpies:magpie
	shelves:shelf bookshelves:bookshelf halves:half wolves:wolf thieves:thief calves:calf
	loaves:loaf elves:elf selves:self scarves:scarf lives:life wives:wife knives:knife
	midwives:midwife leaves:leave hooves:hoof dwarves:dwarf wharves:wharf
	shoes:shoe toes:toe canoes:canoe hoes:hoe oboes:oboe foes:foe tiptoes:tiptoe
	caches:cache headaches:headache toothaches:toothache niches:niche avalanches:avalanche
	quiches:quiche creches:creche axles:axle quizzes:quiz fezzes:fez
	kubernetes:kubernetes
`)

// invariant end in s and are singular, or have no singular that a person
// would use as a name.
var invariant = wordlist.Set(`
	acs sys sms mms dns rss tls ssl css ios macos os pos gps aws gcs ecs eks aks gcp sqs sns ses kms rds vps
	cms lms crms tms wms oms pms ems hls http https sas saas paas iaas faas cors jwks jwts nfs zfs efs
	tos sos dos ddos ops devops mlops finops secops gitops aiops
	gas bias alias atlas canvas texas christmas lens chaos kudos cosmos ethos pathos
	news series species means headquarters goods savings earnings proceeds premises corps
	lfs oss gis irs nas nps sts ups xss hris jms jws lbs nms ebs iis wfs qos crs maas baas daas caas dbaas
	politics optics forensics acoustics electronics telematics informatics gymnastics dynamics semantics
	biometrics demographics firmographics linguistics customs clothes whereabouts whois mars
	analytics statistics logistics physics mathematics graphics economics ethics diagnostics
	mechanics genetics athletics basics robotics stats
	tennis redis jenkins postgres aries caries diabetes rabies herpes yes
	scissors trousers jeans pants shorts glasses sunglasses thanks congratulations
	always perhaps plus minus versus
`)
