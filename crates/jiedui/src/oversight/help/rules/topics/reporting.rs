//! Months, questions, years, meetings and tracked items.

use crate::oversight::help::rules::{Topic, step};

pub const TOPICS: &[Topic] = &[
    Topic {
        id: "months",
        title: "月调度",
        pages: &["/months"],
        about: "每月的数字从台账里自动汇总。月末以后由县局、市局、省办依次接收，学校不用填表。",
        steps: &[
            step(
                ("month", "problems"),
                "写问题与诉求",
                "/months",
                "打开本校这个月。没有就不用写；写了的，上级在接收时看到。",
            ),
            step(
                ("month", "accept"),
                "接收一个月",
                "/months",
                "选月份，看“问题、更正与核对提示”一栏，没有疑问就接收，可以几所一起。有疑问的退回去写明。",
            ),
            step(
                ("month", "read"),
                "看一个月",
                "/months",
                "选月份，点学校，每个数点开都是逐条记录。要更正的，在原来的记录上更正。",
            ),
        ],
        next: "逐级接收以后，这个月的数字不再变；以后的更正写在后面的月份。",
        words: &["接收", "月调度"],
    },
    Topic {
        id: "questions",
        title: "临时要数",
        pages: &["/questions", "/requests"],
        about: "有人临时要数，先从已有的记录里答；只有真缺的学校才请它补。",
        steps: &[
            step(
                ("question", "ask"),
                "答一次要数",
                "/questions/new",
                "选好要哪些数，答案马上列出。存下以后能再找到，也能导出。",
            ),
            step(("question", "read"), "看存下的答案", "/questions", "存下的不会再变；后来的变化列在下面。"),
            step(
                ("profile", "edit"),
                "补报缺的表",
                "/",
                "请本校补的在工作台上，点“去填报”就是要补的那张表。",
            ),
        ],
        next: "补上以后，工作台上的这一条自动消失。",
        words: &["统计口径"],
    },
    Topic {
        id: "years",
        title: "年度收尾",
        pages: &["/years"],
        about: "一年过完以后，把没有办完的事办完，把各校的数存成一份，再把下一年要用的准备好。",
        steps: &[
            step(
                ("year", "read"),
                "看还有什么没有办完",
                "/years",
                "打开一年。每一项都从办理它的地方读出，办好了自动打勾。",
            ),
            step(("year", "put_away"), "收尾", "/years", "都办好以后存底。收尾不锁住任何记录。"),
        ],
        next: "后来的确认和更正列在“收尾以后的变化”里。",
        words: &["结转"],
    },
    Topic {
        id: "meetings",
        title: "会议",
        pages: &["/meetings"],
        about: "议题、材料和请谁参加由系统备好，会上只记议定了什么。",
        steps: &[
            step(
                ("meeting", "convene"),
                "召集一次会议",
                "/meetings",
                "由本单位召集的列在最上面，没有列出的不用召集。定时间和地点；请谁参加已经选好，不请的去掉。",
            ),
            step(
                ("meeting", "convene"),
                "记下议定的事",
                "/meetings",
                "一行写一件：办什么、由谁办、什么时候办结。谁到会需要时才写，不拍照、不签到。",
            ),
            step(
                ("meeting", "read"),
                "看材料和纪要",
                "/meetings",
                "打开会议，材料可以打印；加进日历的文件也在这里。",
            ),
        ],
        next: "归档以后，议定的事就在责任单位的工作台上。",
        words: &["督办事项"],
    },
    Topic {
        id: "topics",
        title: "拟提请研究",
        pages: &["/topics"],
        about: "从问题与诉求、履职、结对、需求和过了期限的督办事项里自动列出，按区划排列，不排名。",
        steps: &[
            step(("topic", "read"), "看有什么要研究", "/topics", "点一条，看是哪些学校、为什么。"),
            step(
                ("meeting", "convene"),
                "列入议程",
                "/topics",
                "本单位召集了会议的，每一条旁边可以列入议程；开会时逐条记下议定的事。",
            ),
        ],
        next: "事情办好以后，这里自动消失。",
        words: &["督办事项"],
    },
    Topic {
        id: "followups",
        title: "督办事项",
        pages: &["/followups"],
        about: "会上议定的和各级交办的，一行一件。责任单位报办结，交办单位确认，两边都说办好了才算办结。",
        steps: &[
            step(
                ("followup", "report"),
                "报进展或者办结",
                "/followups",
                "打开由本单位办的一件，写一句办得怎样；办好了报办结。",
            ),
            step(
                ("followup", "assign"),
                "确认办结",
                "/followups",
                "责任单位报办结以后，看一眼，认可就确认，没有办好的退回。",
            ),
            step(("followup", "read"), "看谁在办什么", "/followups", "过了期限的排在前面。"),
        ],
        next: "没有办结的会列进下一次会议。",
        words: &["督办事项"],
    },
];
