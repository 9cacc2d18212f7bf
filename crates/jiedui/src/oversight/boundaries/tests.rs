//! A boundary file on the pages: put in use, shown with its approval number, taken out. The boundaries are squares made here.

use super::Boundary;
use crate::both_engines;
use crate::network::registry;
use crate::testing::{Agent, PageResponse, Province, World};
use jiedui_kernel::Code;
use jiedui_pictures::TileShape;
use std::fmt::Write as _;

const APPROVAL: &str = "粤S(2024)000号";

/// One square for each division of the map, where its tile stands.
fn squares(world: &World) -> String {
    let programme = world.app.programme();
    let mut features = String::new();
    for tile in programme.map.as_ref().unwrap().tiles() {
        let (east, north) = (110.0 + tile.column as f64 * 0.4, 26.0 - tile.row as f64 * 0.4);
        let (far, below) = (east + 0.4, north - 0.4);
        let comma = if features.is_empty() { "" } else { "," };
        write!(
            features,
            "{comma}{{\"type\":\"Feature\",\"properties\":{{\"adcode\":\"{}\",\"name\":\"<script>x</script>\"}},\
             \"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[[[{east},{north}],[{far},{north}],[{far},{below}],\
             [{east},{below}],[{east},{north}]]]}}}}",
            tile.code
        )
        .unwrap();
    }
    format!("{{\"type\":\"FeatureCollection\",\"features\":[{features}]}}")
}

async fn load(agent: &Agent, approval: &str, text: &str) -> PageResponse {
    agent.upload_with("/boundaries", &[("approval", approval)], ("示例边界.geojson", text.as_bytes())).await
}

/// How many divisions the wide drawing of the overview shows as areas, and what stands below it.
async fn map(agent: &Agent) -> (usize, String) {
    let page = agent.get_json("/overview").await.json();
    let svg = page["map"]["picture"]["svg"].as_str().unwrap().to_owned();
    assert!(!svg.contains("<script"), "nothing of the file's words is drawn");
    (svg.matches("evenodd").count(), page["map"]["approval"].as_str().unwrap_or_default().to_owned())
}

both_engines! {
    async fn a_boundary_file_takes_the_place_of_the_tiles_until_it_is_taken_out(world: World, p: Province) {
        let (admin, office) = (world.agent(&p.office, "sysadmin").await, world.agent(&p.office, "province").await);
        assert_eq!(map(&office).await, (0, String::new()));
        let text = squares(&world);
        let done = load(&admin, APPROVAL, &text).await;
        assert_eq!(done.status, 303, "{}", done.text());
        assert_eq!(map(&office).await, (124, APPROVAL.to_owned()));
        let view = office.get_json("/overview").await.json();
        let svg = view["map"]["picture"]["svg"].as_str().unwrap();
        assert!(svg.contains("pic-city pic-over\">广州市</text>"), "a city has its name amid its divisions");
        let page = office.get("/overview").await;
        assert!(page.says("审图号") && page.says(APPROVAL) && !page.says("一格是一个县"));
        assert!(page.attributes("svg.pic-wide a", "href").iter().any(|href| href.starts_with("/overview?")), "areas open");
        let again = load(&admin, "粤S(2025)000号", &text).await;
        assert_eq!(again.status, 303, "another takes its place");
        assert_eq!(map(&office).await.1, "粤S(2025)000号");
        assert_eq!(admin.get("/boundaries").await.all("tbody tr").len(), 2);
        assert_eq!(admin.post("/boundaries/remove", &[]).await.status, 303);
        assert_eq!(map(&office).await, (0, String::new()));
        assert!(office.get("/overview").await.says("一格是一个县"));
        assert_eq!(admin.post("/boundaries/remove", &[]).await.status, 409, "there is none");
        let auditor = world.agent(&p.office, "auditor").await;
        let records = async |action: &str| auditor.get(&format!("/audit?action=boundary_file.{action}")).await.all("tbody tr").len();
        assert_eq!((records("load").await, records("remove").await), (2, 2));
    }

    /// A division that came later is not left out of the map: where it has no boundary, tiles are drawn.
    async fn boundaries_are_those_of_the_whole_map(world: World) {
        let programme = world.app.programme();
        let map = programme.map.as_ref().unwrap();
        let mut tx = world.tx().await;
        let mut divisions = registry::divisions(&mut tx).await.unwrap();
        let shape = TileShape { rings: Vec::new(), middle: (0, 0) };
        let shapes = map.tiles().map(|tile| (tile.code.to_owned(), shape.clone())).collect();
        let mut boundary = Boundary { approval: APPROVAL.to_owned(), shapes };
        assert!(boundary.covers(map, &divisions));
        let first = map.tiles().next().unwrap().code;
        boundary.shapes.remove(first);
        assert!(!boundary.covers(map, &divisions));
        divisions.retain(|division| division.code != first);
        assert!(boundary.covers(map, &divisions), "what the registry does not have is not drawn in any case");
    }

    async fn what_is_wrong_is_told_and_nothing_is_put_in_use(world: World, p: Province) {
        let (admin, office) = (world.agent(&p.office, "sysadmin").await, world.agent(&p.office, "province").await);
        let text = squares(&world);
        assert_eq!(load(&office, APPROVAL, &text).await.status, 403);
        for (approval, text, code) in [
            ("", text.as_str(), Code::Missing),
            ("随便", text.as_str(), Code::Faulty),
            (APPROVAL, "{\"type\":\"Topology\"}", Code::WrongFile),
            (APPROVAL, "<svg onload=alert(1)>", Code::Faulty),
            (APPROVAL, text.replace("441427", "110101").as_str(), Code::NotListed),
        ] {
            let page = load(&admin, approval, text).await;
            assert!(page.status == 422 && page.refuses(code.clone()), "{code:?}: {}", page.text());
        }
        assert_eq!(admin.post("/boundaries", &[("approval", APPROVAL)]).await.status, 422, "no file");
        assert_eq!(map(&office).await, (0, String::new()));
    }
}
