//! What is divided, assessed, paid, shared and honoured.

use crate::oversight::help::rules::{Topic, step};

pub const TOPICS: &[Topic] = &[
    Topic {
        id: "allocations",
        title: "倾斜分配",
        pages: &["/allocations", "/appeals"],
        about: "名额、队数、资金按写明的规则分：倾斜多少、谁得多少、为什么，都能照着算一遍。",
        steps: &[
            step(
                ("allocation", "draft"),
                "试算和拟定",
                "/allocations/new",
                "先看倾斜前后各是多少，合适了再拟定。公布以前学校看不到。",
            ),
            step(
                ("allocation", "publish"),
                "公布",
                "/allocations",
                "公布时按当天的数重新计算，公布以后不再改动。省办有人担任审核的，省里的由审核公布。",
            ),
            step(("allocation", "appeal"), "提出异议", "/allocations", "打开公布的一次，说明哪里不对。"),
            step(("allocation", "answer"), "答复异议", "/", "有异议的，工作台上会有一条；看过再答复。"),
            step(("allocation", "read"), "看一次分配", "/allocations", "每家的份额怎么来的，逐步写着。"),
        ],
        next: "异议每条答复一次，成立的更正以后另行公布。",
        words: &["异议"],
    },
    Topic {
        id: "assessments",
        title: "考核",
        pages: &["/assessments", "/assessment-sheets", "/assessment-objections"],
        about: "各家只和自己的基期比。每一分从哪来、再得分需要什么都写明，结果只分等次。",
        steps: &[
            step(
                ("assessment", "appeal"),
                "核对本单位的一份",
                "/assessments",
                "送核对以后，打开核对表，点数字看是哪些记录；不对的提出异议。",
            ),
            step(
                ("assessment", "draft"),
                "试算和拟定",
                "/assessments/new",
                "先看等次，再看换权重会不会变，然后拟定、送核对。",
            ),
            step(
                ("assessment", "answer"),
                "复核异议",
                "/assessments",
                "看过记录再答复，每条一次；省办有人担任审核的，由审核答复。",
            ),
            step(
                ("assessment", "read"),
                "看一次考核",
                "/assessments",
                "办法、基期和结果都在这里；看不到别家的核对表。",
            ),
        ],
        next: "异议都答复以后定稿，定稿以后不再改动。",
        words: &["基期", "异议"],
    },
    Topic {
        id: "funding",
        title: "经费",
        pages: &["/funding"],
        about: "从计划、批复、到位到支出，一笔钱只登记一次；登记数和确认数分开看。",
        steps: &[
            step(
                ("fund", "record"),
                "登记收支",
                "/funding/new",
                "先选哪一笔钱，再写日期和金额；来源、项目和年度不用另填。",
            ),
            step(
                ("fund", "answer"),
                "确认一笔",
                "/",
                "另一方登记以后，工作台上会有一条；与本单位的账一致就确认。",
            ),
            step(("fund", "read"), "看一所学校的钱", "/funding", "点学校，看每笔钱走到哪一步。"),
        ],
        next: "确认以后计入到位或支出；逾期的写明是哪一笔。",
        words: &["登记数和确认数"],
    },
    Topic {
        id: "resources",
        title: "资源库",
        pages: &["/resources"],
        about: "课程、论文、教材、案例，全省技工院校都能找、能用。",
        steps: &[
            step(("library", "read"), "找一份资源", "/resources", "输中文、拼音或首字母。使用前看一眼许可。"),
            step(
                ("library", "share"),
                "提供一份资源",
                "/resources/new",
                "上传文件，写明别校可以怎样用；内容相同的只存一份。",
            ),
            step(
                ("library", "use"),
                "登记使用",
                "/resources",
                "用上了，打开资源登记一句，提供的学校就知道有没有用。",
            ),
            step(("library", "review"), "评审典型案例", "/resources", "打开报来的案例，看过以后答复。"),
        ],
        next: "用得多少按登记的使用计，不按点击计。",
        words: &[],
    },
    Topic {
        id: "employment",
        title: "就业",
        pages: &["/employment"],
        about: "岗位和毕业生按县、按专业大类放在一起，看哪里缺人、哪里缺岗位。",
        steps: &[
            step(
                ("employment", "record"),
                "登记岗位",
                "/employment/posts/new",
                "企业写全称，写截止日；到期自动失效，不用再来撤。",
            ),
            step(("employment", "answer"), "确认岗位", "/employment/posts", "另一方登记的，认可就确认。"),
            step(
                ("employment", "trace"),
                "填毕业去向",
                "/employment/cohorts",
                "一年一次，只填合计数；各格相加要和年度基本情况一致。",
            ),
            step(
                ("employment", "read"),
                "看缺口",
                "/employment",
                "每个数都能点开；不涉及任何一名学生，不排名次。",
            ),
        ],
        next: "人数太少的格子不单列，免得看出是谁。",
        words: &[],
    },
    Topic {
        id: "commendations",
        title: "通报表扬",
        pages: &["/commendations", "/nominations", "/commendation-objections"],
        about: "由别的单位提名，两人评审，公示以后决定；理由是台账里已确认的工作。",
        steps: &[
            step(
                ("commendation", "nominate"),
                "提名",
                "/commendations",
                "打开这一次，先选提名谁，再从台账里选理由，不用另写材料。",
            ),
            step(("commendation", "agree"), "说本人是否同意", "/", "被提名的，工作台上会有一条。"),
            step(
                ("commendation", "review"),
                "评审",
                "/commendations",
                "逐条看理由，提出列入或者不列入的意见，再由另一个人核对。",
            ),
            step(
                ("commendation", "confirm"),
                "核对评审意见",
                "/",
                "同事提出意见以后，工作台上会有一条；提意见的、提名的不核对。",
            ),
            step(
                ("commendation", "publish"),
                "公示和决定",
                "/commendations",
                "打开这一次，公示名单；公示期满、异议都答复以后决定。",
            ),
            step(("commendation", "read"), "看结果", "/commendations", "各类按名称排列，不排名次。"),
        ],
        next: "公示期间有异议的，先答复，再决定。",
        words: &["公示", "异议"],
    },
    Topic {
        id: "exchanges",
        title: "数据对接",
        pages: &["/exchanges", "/exchange-runs"],
        about: "与方案点名的外部系统交换数据。收进来的只供核对，不改动已经确认的数。",
        steps: &[
            step(
                ("exchange", "read"),
                "看对接情况",
                "/exchanges",
                "打开一个系统，看送出了什么、收下了什么、没有收下的为什么。",
            ),
            step(
                ("exchange", "transfer"),
                "送出或收下",
                "/exchanges",
                "下载要送的文件，或者传入对方给的文件；先看核对结果。",
            ),
        ],
        next: "两边的数不同的，由学校核对以后在那一边改。",
        words: &[],
    },
];
