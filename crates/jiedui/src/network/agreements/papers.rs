//! 三方协议代拟稿 (G1.2): what the programme asks of each party is already written; they add what they agree besides. What
//! holds is the signed paper, whose dates are recorded afterwards.

use crate::network::pairings::{self, PairingRow};
use crate::shared::papers;
use jiedui_documents::paper::{Block, Document};
use jiedui_kernel::Result;
use jiedui_programme::{PairingRole, Programme};
use jiedui_web::context::RequestContext;
use jiedui_web::reply::{Page, Reply};

async fn paper(ctx: &mut RequestContext) -> Result<Document> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    let pairing = pairings::find(&mut ctx.tx, &id).await?;
    Ok(draft(&programme, &pairing))
}

fn draft(programme: &Programme, pairing: &PairingRow) -> Document {
    let parties = [
        ("甲方", "牵头院校", PairingRole::Lead, &pairing.lead_name),
        ("乙方", "配合院校", PairingRole::Nearby, &pairing.nearby_name),
        ("丙方", "对口县级院校", PairingRole::CountySchool, &pairing.county_name),
    ];
    let mut document = Document::new(format!("{}结对协作协议", pairing.county_name));
    document.caption("代拟稿：三方商定后签字盖章，以纸质协议为准；签订后在系统里登记日期。");
    document.facts(
        parties.iter().map(|(party, label, _, name)| (*party, format!("{name}（{label}）"))).collect(),
    );
    document.heading(1, "协作期限");
    let until = pairing.to_day.map_or_else(|| "　　年　　月　　日".to_owned(), papers::day_words);
    document.text(&format!("自{}起，至{until}止。", papers::day_words(pairing.from_day)));
    document.heading(1, "各方做什么");
    for (party, label, role, _) in parties {
        document.heading(2, format!("{party}（{label}）"));
        let owed = programme.obligations.iter().filter(|one| one.owed_by.contains(&role));
        let mut any = false;
        for one in owed {
            any = true;
            document.heading(3, one.name.clone());
            document.text(&one.about);
        }
        if !any {
            document.text("提出需求，安排场地和人员，确认对方登记的工作，按年说明本校情况。");
        }
    }
    document.heading(1, "年度安排");
    document.text("每年共同拟定一份协作项目清单，三方同意后报省备案；做了的工作由对方确认后才计入。");
    document.heading(1, "其他约定");
    document.text("（三方另行商定的内容写在这里。）");
    let of = parties.map(|(_, _, _, name)| name.clone()).to_vec();
    document.blocks.push(Block::Signatures { of });
    document
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let document = paper(ctx).await?;
    let href = format!("/pairings/{}/agreements", ctx.param("id"));
    let page = Page::new("三方协议代拟稿", "各方做什么已按行动方案写好，下载 Word 修改后签字。")
        .clause("G1.2")
        .back(href.clone(), "这组结对的全部协议")
        .kind("detail");
    papers::answer(ctx, document, page, format!("{href}/draft"))
}
