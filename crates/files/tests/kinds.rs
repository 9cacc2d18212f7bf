//! What a file is, its content says.

use jiedui_files::{FileKind, Unknown, ending_of, safe_name};
use proptest::prelude::*;

/// A package whose directory, at its end, names these parts.
fn package(before: usize, parts: &[&str]) -> Vec<u8> {
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.extend(vec![7_u8; before]);
    for part in parts {
        bytes.extend(b"PK\x01\x02");
        bytes.extend(part.as_bytes());
    }
    bytes
}

#[test]
fn each_type_is_told_by_its_content() {
    let known: [(&[u8], FileKind); 9] = [
        (b"%PDF-1.7 x", FileKind::Pdf),
        (b"\xef\xbb\xbf%PDF-1.4", FileKind::Pdf),
        (&[0xff, 0xd8, 0xff, 0xe0], FileKind::Jpeg),
        (b"\x89PNG\r\n\x1a\n..", FileKind::Png),
        (b"PK\x03\x04 .. word/document.xml ..", FileKind::Docx),
        (b"\x00\x00\x00\x18ftypmp42", FileKind::Mp4),
        (b"ID3\x04\x00", FileKind::Mp3),
        (&[0xff, 0xfb, 0x90, 0x64], FileKind::Mp3),
        (&[0xff, 0xf3, 0x40, 0xc4], FileKind::Mp3),
    ];
    for (bytes, kind) in known {
        assert_eq!(FileKind::of(bytes), Ok(kind), "{bytes:?}");
    }
    let large = package(3 << 20, &["[Content_Types].xml", "ppt/presentation.xml"]);
    assert_eq!(FileKind::of(&large), Ok(FileKind::Pptx));
    assert_eq!(FileKind::of(&package(10, &["xl/workbook.xml"])), Ok(FileKind::Xlsx));
}

#[test]
fn everything_else_is_refused_with_a_reason() {
    assert_eq!(FileKind::of(b""), Err(Unknown::Empty));
    let others: [&[u8]; 7] = [
        b"MZ\x90\x00 a program",
        b"<html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"#!/bin/sh\n",
        b"plain words",
        &[0xff, 0xff, 0xff, 0xff],
        &[0xff],
    ];
    for bytes in others {
        assert_eq!(FileKind::of(bytes), Err(Unknown::Other), "{bytes:?}");
    }
    assert_eq!(FileKind::of(&package(10, &["readme.txt"])), Err(Unknown::Other));
    let macros = package(10, &["word/document.xml", "word/vbaProject.bin"]);
    assert_eq!(FileKind::of(&macros), Err(Unknown::Macros));
    assert_eq!(FileKind::of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), Err(Unknown::OldOffice));
}

#[test]
fn an_ending_belongs_to_one_type() {
    for kind in FileKind::ALL {
        for ending in kind.endings() {
            assert_eq!(FileKind::of_ending(ending), Some(kind));
        }
        assert_eq!(FileKind::of_mime(kind.mime()), Some(kind));
    }
    assert_eq!(FileKind::of_ending("exe"), None);
    let endings = [
        ("课件.PDF", "pdf"),
        ("C:\\a.b\\教案", ""),
        ("x.tar.gz", "gz"),
        (".pdf", "pdf"),
        ("a.文", ""),
        ("", ""),
    ];
    for (name, ending) in endings {
        assert_eq!(ending_of(name), ending, "{name}");
    }
}

#[test]
fn names_lose_what_could_do_harm() {
    assert_eq!(safe_name("C:\\扫描\\三方协议.PDF.exe", "pdf", "协议"), "三方协议.PDF.pdf");
    assert_eq!(safe_name(".pdf", "pdf", "协议"), ".pdf.pdf");
    assert_eq!(safe_name("", "png", "协议"), "协议.png");
    assert_eq!(safe_name("名单\u{202e}甲\u{200b}.pdf", "pdf", "协议"), "名单甲.pdf");
    assert_eq!(safe_name("../../etc/pass\u{0}wd\"", "pdf", "资源"), "passwd.pdf");
}

proptest! {
    #[test]
    fn no_content_and_no_name_is_too_much(bytes in prop::collection::vec(any::<u8>(), 0..300), name in ".{0,200}") {
        let _ = FileKind::of(&bytes);
        let safe = safe_name(&name, "pdf", "资源");
        prop_assert!(!safe.contains(['/', '\\', '"']) && !safe.chars().any(char::is_control));
        prop_assert!(safe.chars().count() <= 84 && safe.ends_with(".pdf") && safe.len() > 4);
    }
}
