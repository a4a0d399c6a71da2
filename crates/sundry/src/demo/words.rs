//! Words that made people, businesses and places are put together from.

/// Given names.
pub const GIVEN: &[&str] = &[
    "Mary",
    "John",
    "Amina",
    "Peter",
    "Susan",
    "David",
    "Priya",
    "Alan",
    "Margaret",
    "Tomasz",
    "Joan",
    "Robert",
    "Fatima",
    "Keith",
    "Sheila",
    "Colin",
    "Grace",
    "Derek",
    "Olga",
    "Brian",
    "Yusuf",
    "Doreen",
    "Hugh",
    "Beryl",
    "Martin",
    "Ifeoma",
    "Stephen",
    "Pauline",
    "Raymond",
    "Kavita",
    "Leonard",
    "Jean",
    "Patrick",
    "Hilda",
    "Victor",
    "Norma",
    "Samuel",
    "Edith",
    "Wei",
    "Rosemary",
    "Graham",
    "Ivy",
    "Dennis",
    "Zofia",
    "Malcolm",
    "Eileen",
    "Omar",
    "Constance",
    "Frank",
    "Nadia",
    "Roy",
    "Vera",
    "Callum",
    "Harriet",
    "Kwame",
    "Lucy",
    "Ethan",
    "Chloe",
    "Rajesh",
    "Bethan",
];

/// Given names of Welsh speakers.
pub const GIVEN_WELSH: &[&str] =
    &["Gwen", "Dafydd", "Carys", "Ieuan", "Sioned", "Rhys", "Eluned", "Gethin", "Mair", "Hywel", "Nia", "Emrys"];

/// Family names.
pub const FAMILY: &[&str] = &[
    "Ashdown",
    "Barrow",
    "Cartwright",
    "Dunmore",
    "Ellerby",
    "Farrow",
    "Garside",
    "Hollis",
    "Ibrahim",
    "Jessop",
    "Kirkbride",
    "Langdale",
    "Marsden",
    "Nightingale",
    "Okafor",
    "Pemberton",
    "Quayle",
    "Ridley",
    "Sutcliffe",
    "Thorne",
    "Underwood",
    "Varley",
    "Whitlock",
    "Yardley",
    "Appleyard",
    "Bhatt",
    "Copeland",
    "Desai",
    "Eastwood",
    "Fenwick",
    "Goodall",
    "Hargreave",
    "Ingham",
    "Kaur",
    "Lockwood",
    "Mistry",
    "Nowak",
    "Ogden",
    "Pickering",
    "Rahman",
    "Shaw",
    "Tindall",
    "Vickers",
    "Wainwright",
    "Ackroyd",
    "Birtwhistle",
    "Clegg",
    "Dyson",
    "Emsley",
    "Firth",
    "Greenhalgh",
    "Holdsworth",
    "Kowalski",
    "Laycock",
    "Metcalfe",
    "Nuttall",
    "Oldroyd",
    "Priestley",
    "Ramsden",
    "Stott",
    "Tordoff",
    "Uttley",
    "Verity",
    "Woodhead",
    "Zaman",
    "Adeyemi",
    "Chowdhury",
    "Diallo",
    "Hussain",
    "Moyo",
];

/// Family names of Welsh speakers.
pub const FAMILY_WELSH: &[&str] =
    &["Llewellyn", "Prydderch", "Gruffydd", "Bevan", "Tudor", "Cadwaladr", "Meredith", "Vaughan", "Penry", "Maddox"];

/// Titles as they are written in front of a name.
pub const TITLES: &[(&str, i64)] = &[("Mr", 40), ("Mrs", 30), ("Ms", 18), ("Miss", 8), ("Dr", 4)];

/// Streets.
pub const STREETS: &[&str] = &[
    "Mill Lane",
    "Church Walk",
    "Orchard Road",
    "Station Parade",
    "Beck Side",
    "Quarry Hill",
    "Linden Avenue",
    "Market Place",
    "Tannery Row",
    "Harbour View",
    "Larch Close",
    "Queensway",
    "Foundry Street",
    "Priory Gardens",
    "Weavers Court",
    "Kestrel Drive",
    "Almond Crescent",
    "Bridge Street",
    "Saltergate",
    "Moor Top",
    "Ferry Road",
    "Chapel Fold",
    "Windmill Rise",
    "Old Dairy Yard",
];

/// Towns; none of them is on a map.
pub const TOWNS: &[(&str, i64)] = &[
    ("Northmere", 10),
    ("Eastvale", 8),
    ("Larkfield Cross", 4),
    ("Upper Sallow", 3),
    ("Marram Bay", 3),
    ("Thistleby", 2),
    ("Great Oxwell", 2),
    ("Hartsmoor", 2),
    ("Penllyn Fach", 1),
    ("Wrenbury Ford", 2),
];

/// First words of business names.
pub const FIRMS: &[&str] = &[
    "Beacon",
    "Redwood",
    "Silverdale",
    "Moorside",
    "Castle",
    "Harbour",
    "Kingfisher",
    "Ironbridge",
    "Cobalt",
    "Tidewater",
    "Copperfield",
    "Greenway",
    "Skylark",
    "Granite",
    "Bluebell",
    "Old Mill",
    "Millstone",
    "Pennant",
    "Juniper",
    "Hawthorn",
    "Falcon",
    "Riverside",
    "Summit",
    "Ashgrove",
    "Northgate",
    "Anchor",
    "Lantern",
    "Foxglove",
    "Amberley",
    "Wychwood",
];

/// Trades of businesses.
pub const TRADES: &[&str] = &[
    "Bakery",
    "Joinery",
    "Motors",
    "Plumbing",
    "Catering",
    "Garden Centre",
    "Print Works",
    "Scaffolding",
    "Fitness",
    "Dental Laboratory",
    "Logistics",
    "Nursery",
    "Coffee House",
    "Timber",
    "Electrical",
    "Cleaning Services",
    "Florists",
    "Brewery",
    "Textiles",
    "Architects",
    "Dance Academy",
    "Engineering",
    "Fisheries",
    "Veterinary Practice",
];

/// How businesses end their names.
pub const ENDINGS: &[(&str, i64)] = &[("Ltd", 70), ("Limited", 15), ("LLP", 8), ("CIC", 4), ("plc", 3)];

/// Clubs and societies that hire rooms.
pub const CLUBS: &[&str] = &[
    "Chess Club",
    "Ladies Choir",
    "Judo Club",
    "Parent and Toddler Group",
    "Amateur Dramatics",
    "Allotment Society",
    "Brass Band",
    "Yoga Circle",
    "Model Railway Society",
    "Over 60s Lunch Club",
    "Badminton Club",
    "Camera Club",
];

/// Other councils.
pub const COUNCILS: &[&str] = &[
    "Westermoor Council",
    "Southfell Borough Council",
    "Isle of Marram Council",
    "Great Oxwell Town Council",
    "Hartsmoor District Council",
    "Caldermouth City Council",
    "Thistleby Parish Council",
    "Rothwater County Council",
    "Penllyn County Borough Council",
    "Fenmarch Council",
];

/// NHS bodies.
pub const NHS_BODIES: &[&str] = &[
    "NHS Calder and Marram ICB",
    "NHS Westermoor ICB",
    "Southfell Community NHS Trust",
    "Hartsmoor Hospitals NHS Trust",
    "Rothwater Ambulance NHS Trust",
    "NHS Oxwell and Fen ICB",
    "Marram Bay Mental Health NHS Trust",
    "Caldermouth University Hospitals NHS Trust",
    "NHS Penllyn Health Board",
    "Thistleby Children's NHS Trust",
];

/// Universities and others that share research.
pub const RESEARCHERS: &[&str] = &[
    "University of Caldermouth",
    "Rothwater Institute of Health",
    "Marram Medical School",
    "Oxwell Biomedical Ltd",
    "Fenmarch University",
    "Helix Trials Ltd",
    "Northmere Cancer Research Charity",
    "Lantern Diagnostics Ltd",
];

/// Insurers and embassies that pay for patients.
pub const INSURERS: &[&str] = &[
    "Amberley Health Insurance plc",
    "Pennant Medical Cover Ltd",
    "Summit Mutual Insurance Ltd",
    "Anchor Travel Insurance plc",
];

/// What is told when someone rings about money.
pub const CALLS: &[&str] = &[
    "Rang about the reminder. Has been in hospital and is catching up with post.",
    "Spoke to the daughter, who has authority on file. She will look for the invoice.",
    "Accounts payable say the invoice is approved and in the next payment run.",
    "No answer; left a message asking to ring back, with no detail of the debt.",
    "Says the invoice never arrived. Copy sent, address checked.",
    "Asked about ways to pay. Told of standing order, card and bank transfer.",
    "Upset about the tone of the letter. Listened, explained, offered a call next week.",
    "Wants to pay weekly from the pension. Sent the budget form.",
];

/// Why a charge is disputed: category, words.
pub const DISPUTES: &[(&str, &str)] = &[
    ("price", "The rate is not the one in our agreement."),
    ("service", "The carer did not come on four of the days charged."),
    ("service", "The hall was locked when we arrived and we used half of the time booked."),
    ("price", "We were charged for two bins and have had one since spring."),
    ("wrong_customer", "This patient is the responsibility of another board."),
    ("already_paid", "Paid by bank transfer; see our statement."),
    ("service", "The visit was cancelled more than a day ahead."),
];

/// Questions that dispute nothing: category, words.
pub const QUESTIONS: &[(&str, &str)] = &[
    ("copy_wanted", "Please send a copy of the invoice."),
    ("purchase_order", "We cannot pay without our order number on the invoice."),
    ("cannot_pay", "My hours have been cut. Can I pay in smaller parts?"),
    ("other", "Which dates does this cover?"),
];
