//! The desk, schools, enterprises, chains and pairings.

use crate::oversight::help::rules::{ANYBODY, Topic, step};

pub const TOPICS: &[Topic] = &[
    Topic {
        id: "desk",
        title: "我的工作台",
        pages: &["/"],
        about: "现在等您办的事都在这里，先急后缓：是什么、为什么等您、什么时候以前办。",
        steps: &[
            step(
                ANYBODY,
                "看今天要办什么",
                "/",
                "从上往下办。每一行的按钮直接打开要办的那一页；没有列出的不用报。",
            ),
            step(
                ("entry", "claim"),
                "接着写没有提交的内容",
                "/entries/new",
                "较长的表单写到一半可以离开，内容会留着；再打开同一张表单，就已接着填好。",
            ),
        ],
        next: "办好的事自动从这里消失，不用另外销号。",
        words: &["待办事项"],
    },
    Topic {
        id: "notices",
        title: "消息",
        pages: &["/notices", "/my/notices", "/my/mail"],
        about: "别的单位办的、与本单位有关的事。要您办的不在这里，在工作台上。",
        steps: &[
            step(
                ("notice", "read"),
                "看新消息",
                "/notices",
                "点开一条，打开的就是那件事本身。谁读过、什么时候读的，别人看不到。",
            ),
            step(
                ("notice", "read"),
                "选择收哪些消息",
                "/my/notices",
                "收哪些、要不要每日提要、绑定不绑定邮箱，都由您自己定。",
            ),
        ],
        next: "夜间和非工作日不发邮件；页面上的消息一直都在。",
        words: &["催办"],
    },
    Topic {
        id: "search",
        title: "搜索",
        pages: &["/search"],
        about: "一个框找全部：院校、人员、台账、成果、项目、会议、资源、方案条文和帮助。",
        steps: &[step(
            ANYBODY,
            "找一件事",
            "/search",
            "输中文、拼音、首字母，或者别人报给您的编号。按键盘上的斜杠键就到搜索框。",
        )],
        next: "只在您能看到的范围内找。没有找到，可以少输几个字。",
        words: &["编号"],
    },
    Topic {
        id: "registry",
        title: "院校与机构",
        pages: &["/registry"],
        about: "省、市、县机构和全部院校：在哪里、哪一层次、谁在任、有过什么沿革。",
        steps: &[
            step(
                ("registry", "read"),
                "查一所学校",
                "/registry",
                "用上面的筛选找到它，点名称看详情、结对和人员。",
            ),
            step(
                ("person", "edit"),
                "登记人员任职",
                "/registry",
                "打开学校，点“维护人员任职”。登记工作时选的人从这里来；离任的写上日期，不要删除。",
            ),
            step(
                ("person", "edit"),
                "一个人登记成了两条",
                "/registry",
                "在“维护人员任职”的最下面合并：写到过的记录不改，都读作留下的一条；台账、项目里写到过的请另一人同意。",
            ),
            step(
                ("registry", "edit"),
                "改院校资料",
                "/registry",
                "打开学校，点“维护资料”。更名、合并、改隶各写一条沿革，以前的记录照旧找得到。",
            ),
        ],
        next: "人员和标记都有起止日期，一件工作按它发生那一天的情况判断。",
        words: &["对口县级院校", "典型县"],
    },
    Topic {
        id: "glance",
        title: "一览",
        pages: &["/schools", "/areas", "/people"],
        about: "一页纸看完一所学校、一个县市或一个人：双方确认过的工作、项目和目标。",
        steps: &[step(
            ("registry", "read"),
            "走访以前看一眼",
            "/registry",
            "打开学校或机构，点“一览”，可以直接打印。每个数点开都是逐条记录。",
        )],
        next: "内容随时从记录里读出，不用准备材料。",
        words: &["登记数和确认数"],
    },
    Topic {
        id: "enterprises",
        title: "企业库",
        pages: &["/enterprises"],
        about: "登记工作和成果时写到的企业。写过一次就在这里，不用另外填报。",
        steps: &[
            step(
                ("enterprise", "read"),
                "看一家企业做过什么",
                "/enterprises",
                "点名称，看它在哪些登记里写到，和哪些院校合作。",
            ),
            step(
                ("enterprise", "join"),
                "把两个名称合并成一家",
                "/enterprises",
                "名称不同、其实是同一家的，打开其中一个，选它并入哪一家。合并错了可以分开。",
            ),
        ],
        next: "合并以后，数字按一家企业算，改动写在办理记录里。",
        words: &[],
    },
    Topic {
        id: "chains",
        title: "生态链",
        pages: &["/chains"],
        about: "产教评技能生态链：链上有哪些企业、院校、标准和培训，都从各自的登记里读出。",
        steps: &[
            step(
                ("chain", "read"),
                "看一条生态链",
                "/chains",
                "点名称，看链上的企业处在哪个阶段、哪些院校加入。",
            ),
            step(
                ("chain", "describe"),
                "注明面向哪个专业大类",
                "/chains",
                "打开一条生态链，选它面向的专业大类。",
            ),
        ],
        next: "登记里再写到这条生态链，内容自动加上。",
        words: &[],
    },
    Topic {
        id: "pairings",
        title: "结对关系",
        pages: &["/pairings", "/agreements"],
        about: "一所牵头院校加一所配合院校，帮助一所对口县级院校：三方是谁、从哪天到哪天、协议签了没有。",
        steps: &[
            step(
                ("pairing", "read"),
                "看一组结对",
                "/pairings",
                "点学校名称，看三方、起止、协议，以及由此产生的台账和履职进度。",
            ),
            step(
                ("agreement", "record"),
                "登记三方协议",
                "/pairings",
                "打开本校的结对，点“协议”。照协议书登记日期和有效期，需要文本的可以先下载代拟稿。",
            ),
            step(
                ("agreement", "answer"),
                "确认三方协议",
                "/",
                "别的一方登记以后，工作台上会有一条。核对日期，认可就确认，不对就写明哪里不对。",
            ),
            step(
                ("pairing", "end"),
                "终止一组结对",
                "/pairings",
                "打开结对，先看这一天以后有什么会失去依据，再终止。以前的台账照旧保留。",
            ),
        ],
        next: "另两方都确认以后，协议才算签订。登记工作看结对的起止日期，不等协议签订。",
        words: &["牵头院校", "配合院校", "对口县级院校"],
    },
];
