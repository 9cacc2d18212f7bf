#!/usr/bin/env python3
"""Speed of the project list (see bench/README.md). `bench/projects.sh` calls it:

  seed DATA N     puts N projects into the demonstration's database, spread over its pairings, 2026
  save BASE       times a list of 200 projects: saved from a workbook, and filed
"""
import html, json, os, re, sqlite3, sys, time, urllib.parse, urllib.request
from http.cookiejar import CookieJar

PASSWORD = "Jiedui-demo-2024"


def seed(data, count):
    db = sqlite3.connect(os.path.join(data, "jiedui.sqlite"))
    rows = db.execute(
        "SELECT p.id, p.lead, c.path FROM pairing p JOIN org c ON c.id = p.county_school WHERE p.to_day IS NULL ORDER BY c.sort_key"
    ).fetchall()
    each = count // len(rows) + 1
    made = 0
    for at, (pairing, lead, path) in enumerate(rows):
        listed = db.execute("SELECT id FROM project_list WHERE pairing = ? AND year = 2026", (pairing,)).fetchone()
        list_id = listed[0] if listed else f"bench-list-{at:04}"
        if not listed:
            db.execute(
                "INSERT INTO project_list (id, pairing, year, state, edition, content, number, version) VALUES (?, ?, 2026, 'filed', 1, 1, ?, 1)",
                (list_id, pairing, f"bench {at}"),
            )
        for n in range(each):
            if made == count:
                break
            made += 1
            place = 1000 + n
            db.execute(
                "INSERT INTO project (id, list, pairing, year, place, order_key, title, clause, basis, outcome, quantity, unit, owner_org,"
                " from_day, to_day, lead_does, nearby_does, budget, budget_sum, filed, proposed, ended, result, version)"
                " VALUES (?, ?, ?, 2026, ?, ?, ?, ?, 'highlight', '成果', 20, 'person_times', ?, '2026-01-01', '2026-12-31', '', '', '{}', 0, 1, '', '', '', 1)",
                (f"bench-{made:06}", list_id, pairing, place, f"{made % 2}{path}{place:05}", f"第 {made} 个项目", f"T{made % 12 + 1}.1", lead),
            )
    db.commit()
    print(db.execute("SELECT COUNT(*) FROM project WHERE year = 2026").fetchone()[0])


class Browser:
    def __init__(self, base, login):
        self.base = base
        self.jar = CookieJar()
        self.open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar)).open
        token = self.hidden(self.get("/signin"), "_csrf")
        self.post("/signin", {"_csrf": token, "login": login, "password": PASSWORD})
        self.csrf = self.hidden(self.get("/my"), "_csrf")

    def get(self, path):
        return html.unescape(self.open(self.base + path).read().decode())

    @staticmethod
    def hidden(page, name):
        return re.search(f'name="{name}" value="([^"]*)"', page).group(1)

    def post(self, path, fields):
        data = urllib.parse.urlencode({"_csrf": getattr(self, "csrf", ""), **fields}).encode()
        answer = self.open(self.base + path, data)
        return answer.geturl(), answer.read().decode()

    def press(self, path, act, **fields):
        page = self.get(path)
        form = re.search(f'action="{path}/{act}".*?name="version" value="(\\d+)"', page, re.S)
        return self.post(f"{path}/{act}", {"version": form.group(1), **fields})

    def upload(self, path, text):
        edge = "edge-of-the-part"
        body = (
            f'--{edge}\r\nContent-Disposition: form-data; name="_csrf"\r\n\r\n{self.csrf}\r\n'
            f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="list.csv"\r\n\r\n{text}\r\n--{edge}--\r\n'
        ).encode()
        request = urllib.request.Request(self.base + path, body, {"Content-Type": f"multipart/form-data; boundary={edge}"})
        return self.open(request).read().decode()


def save(base):
    lead, nearby, school = (Browser(base, login) for login in ("qiantou", "peihe", "xianji"))
    city, office = Browser(base, "shi"), Browser(base, "sheng")
    # Next year's list of the pairing of these three: the demonstration has one under way.
    year = int(re.search(r"今天 <time datetime=\"(\d{4})", school.get("/")).group(1)) + 1
    path = re.search(r'href="(/lists/[0-9a-f]{32})"', school.get(f"/lists?year={year}")).group(1)
    if f"{path}/recall" in lead.get(path):
        lead.press(path, "recall")
    name = re.search(r"<dt>三方</dt><dd>(.+?)（牵头）", lead.get(path)).group(1)
    head = "项目名称,回应的需求,年底成果,数量,单位,责任单位,开始日期,结束日期\n"
    rows = "".join(f"第{n}项,特色亮点,一门课程,2,个,{name},{year}-03-01,{year}-06-01\n" for n in range(200))
    begun = time.perf_counter()
    lead.upload(f"{path}/import", head + rows)
    saved = time.perf_counter() - begun
    lead.press(path, "submit")
    for who in (nearby, school):
        who.press(path, "answer", verdict="agree")
    city.press(path, "comment", words="无意见")
    page = office.get(path)
    number = re.search(r'name="number"[^>]*value="([^"]*)"', page).group(1)
    day = re.search(r'name="filed_on"[^>]*value="([^"]*)"', page).group(1)
    version = re.search(f'action="{path}/file".*?name="version" value="(\\d+)"', page, re.S).group(1)
    begun = time.perf_counter()
    request = urllib.parse.urlencode({"_csrf": office.csrf, "version": version, "number": number, "filed_on": day}).encode()

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *args):
            return None

    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(office.jar), Stay)
    try:
        opener.open(base + f"{path}/file", request)
    except urllib.error.HTTPError as answer:
        assert answer.code == 303, answer.code
    filed = time.perf_counter() - begun
    print(json.dumps({"saved_ms": round(saved * 1000), "filed_ms": round(filed * 1000)}))


if __name__ == "__main__":
    if sys.argv[1] == "seed":
        seed(sys.argv[2], int(sys.argv[3]))
    else:
        save(sys.argv[2])
