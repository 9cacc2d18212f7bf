//! Uploads before a scanner for viruses: what it finds does not come in, and where it is away nothing does.

use crate::both_engines;
use crate::site;
use crate::testing::{Province, World, programme};
use jiedui_files::{ContentHash, Folder};
use jiedui_kernel::{Code, Random};
use jiedui_web::{App, Scanner};
use std::sync::Arc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What the scanner of the tests takes for a virus.
const BAD: &[u8] = b"%PDF-1.4 WICKED";

async fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let mut command = [0; 10];
    stream.read_exact(&mut command).await?;
    let mut whole = Vec::new();
    loop {
        let mut part = vec![0_u8; stream.read_u32().await? as usize];
        if part.is_empty() {
            break;
        }
        stream.read_exact(&mut part).await?;
        whole.extend(part);
    }
    let said: &[u8] = if whole == BAD { b"stream: Wicked.Test FOUND\0" } else { b"stream: OK\0" };
    stream.write_all(said).await
}

/// The same world behind a scanner, until the task ends.
async fn scanned(mut world: World) -> (World, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let scanner = Scanner::at(&listener.local_addr().unwrap().to_string()).unwrap();
    let server = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            answer(stream).await.unwrap();
        }
    });
    let app = App::new(world.app.db.clone(), Random::System, programme(), false, site::site());
    world.app = Arc::new(app.with_files(world.app.files.clone()).with_scanner(Some(scanner)));
    world.router = jiedui_web::router(&world.app);
    (world, server)
}

both_engines! {
    async fn what_a_scanner_finds_or_cannot_look_at_does_not_come_in(world: World, p: Province) {
        let (world, server) = scanned(world).await;
        let lead = world.agent(&p.lead, "lead").await;
        let about = [("kind", "course"), ("title", "讲义"), ("licence", "as-is")];
        let upload = async |bytes: &[u8]| lead.upload_with("/resources/new", &about, ("讲义.pdf", bytes)).await;
        assert_eq!(upload(b"%PDF-1.4 clean and scanned").await.status, 303);
        let refused = upload(BAD).await;
        assert!(refused.status == 422 && refused.says("没有通过病毒检查"), "{}", refused.text());
        assert!(!Folder::at(&world.app.files).holds(&ContentHash::of(BAD)));
        let import = lead.upload_with("/entries/import", &[], ("表.xlsx", BAD)).await;
        assert!(import.says("没有通过病毒检查"), "imports too: {}", import.text());
        let auditor = world.agent(&p.office, "auditor").await;
        assert_eq!(auditor.get("/audit?action=file.infected").await.all("tbody tr").len(), 2);
        // Without a file there is nothing to look at.
        let missing = lead.upload_with("/resources/new", &about, ("", b"")).await;
        assert!(missing.refuses(Code::Missing), "{}", missing.text());
        server.abort();
        assert!(server.await.unwrap_err().is_cancelled());
        let away = upload(b"%PDF-1.4 nobody looked").await;
        assert!(away.status == 409 && away.says("暂时不能检查文件，请稍后再传"), "{}", away.text());
        assert!(!Folder::at(&world.app.files).holds(&ContentHash::of(b"%PDF-1.4 nobody looked")));
    }
}
