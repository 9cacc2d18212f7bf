// Progressive enhancement only: every page does its whole work without this file.
// Only drafts, forms whose effect shows at once and screens on a wall talk to the server, and nothing here decides anything that the server
// does not decide again.
"use strict";
(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const make = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text) node.textContent = text;
    return node;
  };

  // ── lists: pick all, and buttons that say how many ──────────────────────────────────────────
  // The link 全选本页 leads to ?select=all; with script it ticks the boxes without a new page.
  function lists() {
    for (const form of all("form[data-pick]")) {
      const boxes = () => all(".pick input[type=checkbox]", form);
      const link = form.querySelector("[data-pick-all]");
      const buttons = all("[data-count-label]", form).map((b) => ({ b, plain: b.textContent }));
      const picked = make("output", "picked count");
      if (link) link.after(picked);

      const refresh = () => {
        const list = boxes();
        const n = list.filter((box) => box.checked).length;
        picked.textContent = n ? `已选 ${n} 条` : "";
        for (const { b, plain } of buttons) {
          b.textContent = n ? b.dataset.countLabel.replace("{n}", n) : plain;
        }
        if (link) {
          const on = n === 0 || n < list.length;
          link.dataset.pickAll = on ? "on" : "off";
          link.textContent = on ? "全选本页" : "取消全选";
        }
      };
      if (link) {
        link.setAttribute("role", "button");
        link.addEventListener("click", (event) => {
          event.preventDefault();
          const on = link.dataset.pickAll === "on";
          for (const box of boxes()) box.checked = on;
          refresh();
        });
        link.addEventListener("keydown", (event) => {
          if (event.key !== " ") return;
          event.preventDefault();
          link.click();
        });
      }
      form.addEventListener("change", refresh);
      form.addEventListener("submit", (event) => {
        const by = event.submitter;
        if (!by || by.dataset.countLabel === undefined || boxes().some((box) => box.checked)) return;
        event.preventDefault();
        picked.textContent = "请先勾选要处理的条目";
      });
      refresh();
    }
  }

  // ── fields that are asked only for some answers ─────────────────────────────────────────────
  // Without script all are shown, each under the words that say when it applies. Here those that do not apply are hidden and
  // switched off, so that they are not sent; the server passes over them in any case.
  function conditions() {
    for (const form of new Set(all("[data-when]").map((box) => box.closest("form")).filter(Boolean))) {
      const boxes = all("[data-when]", form);
      const refresh = () => {
        for (const box of boxes) {
          const choice = form.elements.namedItem(box.dataset.when);
          const answer = choice && !choice.disabled ? choice.value : "";
          const on = Boolean(choice) && box.dataset.whenIs.split(" ").includes(answer || "-");
          box.hidden = !on;
          for (const input of all("input, select, textarea", box)) {
            input.disabled = !on;
            input.required = on && box.dataset.whenRequired !== undefined;
          }
        }
      };
      form.addEventListener("change", refresh);
      refresh();
    }
  }

  // ── spans: calendar days, both ends counted, as the server counts them ──────────────────────
  function spans() {
    const day = (text) => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text + "T00:00:00Z") / 864e5 : NaN);
    for (const out of all("[data-span-from]")) {
      const from = document.getElementById(out.dataset.spanFrom);
      const to = document.getElementById(out.dataset.spanTo);
      if (!from || !to) continue;
      const refresh = () => {
        const days = day(to.value) - day(from.value) + 1;
        out.hidden = Number.isNaN(days);
        if (out.hidden) return;
        out.textContent = "";
        if (days < 1) {
          out.textContent = "结束日期早于开始日期，请核对";
        } else {
          out.append("共 ", make("b", "", String(days)), " 天（含首尾两日）");
        }
      };
      // Most last one day: the end follows the beginning until somebody gives it.
      let follows = to.value === "";
      to.addEventListener("input", () => { follows = false; });
      from.addEventListener("change", () => {
        if (follows) to.value = from.value;
      });
      for (const field of [from, to]) {
        field.addEventListener("input", refresh);
        field.addEventListener("change", refresh);
      }
      refresh();
    }
  }

  // ── limits: told before they are reached, and nothing is cut ─────────────────────────────────
  // A browser that is told a limit cuts what is pasted without a word. Here the rest is counted, as the server counts it.
  function limits() {
    for (const field of all("[data-limit]")) {
      const most = Number(field.dataset.limit);
      const note = make("p", "help limit");
      note.hidden = true;
      note.setAttribute("role", "status");
      (field.closest(".with-unit") || field).after(note);
      const refresh = () => {
        const left = most - [...field.value.trim().replace(/\r\n?/g, "\n")].length;
        note.hidden = left > Math.max(10, most / 10);
        note.classList.toggle("limit-over", left < 0);
        if (!note.hidden) note.textContent = left < 0 ? `超出 ${-left} 个字，请缩短后再提交` : `还可以写 ${left} 个字`;
      };
      field.addEventListener("input", refresh);
      refresh();
    }
  }

  // ── drafts: what one typed and has not sent outlives the session and the machine ────────────
  // Kept on the server; the form takes it up when it is opened. Sent a moment after the last key, and at once when the
  // page is left; never before anything was typed.
  function drafts() {
    const REST = 1500;
    const clock = () => new Date().toTimeString().slice(0, 5);
    for (const form of all("form[data-draft]")) {
      const note = make("p", "draft-note draft-sent");
      note.setAttribute("role", "status");
      const acts = all(".form-acts", form).pop();
      if (acts) acts.after(note);
      else form.append(note);
      let timer = 0;
      let typed = false; // something that is not kept yet
      let going = null;
      const say = (text, at = "") => {
        note.textContent = text;
        if (at) note.append(make("time", "", at));
      };
      const send = () => {
        clearTimeout(timer);
        if (!typed) return;
        typed = false;
        if (going) going.abort();
        const mine = new AbortController();
        const body = new URLSearchParams(new FormData(form)).toString();
        going = mine;
        // JSON, so that a lost session is told and not led to the sign-in page; the answer itself is not followed.
        fetch(`/drafts/${form.dataset.draft}`, {
          method: "POST",
          headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" },
          body,
          redirect: "manual",
          // Outlives the page, which browsers allow up to a size; what is longer goes while the page still stands.
          keepalive: body.length < 60000,
          signal: mine.signal,
        }).then((answer) => {
          if (answer.ok || answer.type === "opaqueredirect") say("已存草稿 ", clock());
          else if (answer.status === 401) say("登录已过期，草稿没有存上。请先在新窗口登录，再回到这一页继续。");
          else say("草稿没有存上，请尽快提交，或把内容另存一份。");
        }, () => {
          if (mine.signal.aborted) return;
          typed = true;
          say("连不上系统，草稿还没有存上；接着填写时会再试。");
        });
      };
      form.addEventListener("input", () => {
        typed = true;
        clearTimeout(timer);
        timer = setTimeout(send, REST);
      });
      document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "hidden") send();
      });
      // What is being sent for good must not come back as a draft.
      form.addEventListener("submit", (event) => {
        if (event.defaultPrevented) return;
        typed = false;
        clearTimeout(timer);
        if (going) going.abort();
      });
    }
  }

  // ── forms whose effect shows at once ─────────────────────────────────────────────────────────
  // A form of the address (GET) that names parts of the page: the same page is asked for with what the form says now,
  // and those parts are put in place of the old ones. Without script its button does the same.
  function live() {
    const REST = 250;
    for (const form of all("form[data-live]")) {
      let timer = 0;
      let going = null;
      const show = () => {
        const parts = () => form.dataset.live.split(" ").map((id) => document.getElementById(id)).filter(Boolean);
        const busy = (yes) => parts().forEach((part) => part.toggleAttribute("data-busy", yes));
        if (going) going.abort();
        const mine = new AbortController();
        going = mine;
        busy(true);
        const query = new URLSearchParams(new FormData(form)).toString();
        fetch(`${form.getAttribute("action")}?${query}`, { signal: mine.signal }).then((answer) => {
          if (!answer.ok || answer.redirected) throw new Error("no page");
          return answer.text();
        }).then((text) => {
          const page = new DOMParser().parseFromString(text, "text/html");
          for (const part of parts()) {
            const fresh = page.getElementById(part.id);
            if (fresh) part.replaceChildren(...fresh.childNodes);
          }
          busy(false);
        }).catch(() => {
          // The button is still there: it leads to the page, or to the sign-in.
          if (!mine.signal.aborted) busy(false);
        });
      };
      form.addEventListener("input", (event) => {
        for (const out of all("output", form)) {
          if (event.target.id && out.htmlFor.contains(event.target.id)) out.textContent = event.target.value;
        }
        clearTimeout(timer);
        timer = setTimeout(show, REST);
      });
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        clearTimeout(timer);
        show();
      });
    }
  }

  // ── asking first, where a page marks an act with data-confirm ───────────────────────────────
  function confirms() {
    document.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-confirm]");
      if (!button || button.dataset.asked || typeof HTMLDialogElement === "undefined") return;
      event.preventDefault();
      const dialog = make("dialog", "ask");
      const question = make("p", "", button.dataset.confirm);
      question.id = "ask-text";
      dialog.setAttribute("aria-labelledby", question.id);
      const yes = make("button", "button button-primary", button.textContent.trim());
      const no = make("button", "button button-plain", "取消");
      const acts = make("div", "acts");
      acts.append(no, yes);
      dialog.append(question, acts);
      no.addEventListener("click", () => dialog.close());
      yes.addEventListener("click", () => {
        button.dataset.asked = "yes";
        dialog.close();
        button.click();
        delete button.dataset.asked;
      });
      dialog.addEventListener("close", () => {
        dialog.remove();
        button.focus();
      });
      document.body.append(dialog);
      dialog.showModal();
    });
  }

  // ── one press, one request ──────────────────────────────────────────────────────────────────
  // Buttons are switched off after the browser has read the form, so that a named button is still sent.
  // They come back when the page is shown from the history, and after a while, since an answer may be a download.
  function onePress() {
    const release = (form) => {
      delete form.dataset.sent;
      for (const button of all("button[type=submit]", form)) button.disabled = false;
    };
    document.addEventListener("submit", (event) => {
      const form = event.target;
      if (event.defaultPrevented || form.method !== "post") return;
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "yes";
      setTimeout(() => all("button[type=submit]", form).forEach((button) => { button.disabled = true; }), 0);
      setTimeout(() => release(form), 8000);
    });
    window.addEventListener("pageshow", () => all("form[data-sent]").forEach(release));
  }

  // ── the search at the top, by one key ───────────────────────────────────────────────────────
  function search() {
    const field = document.querySelector("[data-search]");
    if (!field) return;
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest("input, textarea, select, dialog, [contenteditable]");
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing) return;
      event.preventDefault();
      field.focus();
      field.select();
    });
  }

  // ── a long list to choose from, narrowed by words; without script it stands there whole ─────
  function narrow() {
    for (const box of all("[data-narrow]")) {
      const label = make("label", "narrow");
      const field = make("input", "control");
      field.type = "search";
      label.append(make("span", "", box.dataset.narrow), field);
      box.before(label);
      field.addEventListener("input", () => {
        const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
        for (const part of all(".section", box)) {
          for (const one of all("li", part)) {
            const text = one.textContent.toLowerCase();
            one.hidden = !words.every((word) => text.includes(word));
          }
          part.hidden = all("li", part).every((one) => one.hidden);
        }
      });
    }
  }

  // ── a roster: of the school that was chosen, ticked by names that are pasted, and counted ────
  // Without script everybody stands there with the school beside the name.
  function rosters() {
    const FEW = 8;
    const bare = (text) => text.split("（")[0].replace(/\s/g, "");
    const written = (text) => text.split(/[\n\t,，、;；]+/).map(bare).filter(Boolean);
    for (const set of all("fieldset.field-checks")) {
      const [boxes, form] = [all("input[name=roster]", set), set.closest("form")];
      if (!form || boxes.length < FEW) continue;
      const [school, count] = [form.elements.namedItem("pairing"), form.elements.namedItem("quantity")];
      const words = (box) => box.parentElement.textContent.trim();
      const beside = (box, name) => words(box).endsWith(`（${name}）`);
      // A school that chooses among those who help it is asked for its own people, whomever it chooses.
      const apart = school && school.options
        && [...school.options].some((one) => boxes.some((box) => beside(box, one.textContent.trim())));
      const at = () => (apart && school.value ? school.selectedOptions[0].textContent.trim() : "");
      const label = make("label", "narrow");
      const [field, note] = [make("textarea", "control"), make("p", "help")];
      field.rows = 3;
      field.dataset.names = "";
      note.setAttribute("role", "status");
      label.append(make("span", "", "粘贴姓名，一行一个或用顿号隔开"), field);
      boxes[0].parentElement.before(label, note);
      let filled = count && count.value === "" ? "" : null;
      const counted = () => {
        const ticked = boxes.filter((box) => box.checked).length;
        if (filled === null || count.value !== filled) return;
        filled = ticked ? String(ticked) : "";
        count.value = filled;
      };
      const narrowed = () => {
        for (const box of boxes) {
          box.parentElement.hidden = !(beside(box, at()) || !at());
          if (box.parentElement.hidden) box.checked = false;
        }
      };
      const named = () => {
        const [names, missing] = [written(field.value), []];
        for (const name of names) {
          const found = boxes.filter((box) => !box.parentElement.hidden && bare(words(box)) === name);
          if (found.length === 1) found[0].checked = true;
          else missing.push(found.length ? `${name}（有重名，请在下面勾选）` : name);
        }
        const ticked = boxes.filter((box) => box.checked).length;
        note.textContent = names.length ? `已勾选 ${ticked} 人${missing.length ? `；没有对上：${missing.join("、")}` : ""}` : "";
      };
      // Before the draft is taken: it keeps what is ticked and counted.
      field.addEventListener("input", () => { named(); counted(); });
      set.addEventListener("change", counted);
      if (school) school.addEventListener("change", () => { narrowed(); named(); counted(); });
      narrowed();
    }
  }

  // ── a screen on a wall: it asks by itself, and says where what it shows is old ───────────────
  // Without script the page is loaded again as its head says. Here it stays until another came whole, and is marked meanwhile.
  function wall() {
    const box = document.getElementById("wall");
    if (!box || !box.dataset.wall) return;
    const [every, soon] = [Number(box.dataset.wall) * 1000, 30000];
    let timer = 0;
    const wait = (time) => {
      clearTimeout(timer);
      timer = setTimeout(ask, time);
    };
    function ask() {
      const patience = new AbortController();
      const late = setTimeout(() => patience.abort(), soon);
      wait(every);
      fetch(location.href, { signal: patience.signal, cache: "no-store" }).then((answer) => {
        // Revoked or ended: the page that says so takes the place of this one.
        if (answer.status === 404 || answer.status === 410) location.reload();
        if (!answer.ok) throw new Error("no page");
        return answer.text();
      }).then((text) => {
        const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("wall");
        if (!fresh) throw new Error("no page");
        box.replaceChildren(...fresh.childNodes);
      }).catch(() => {
        for (const note of all("[data-wall-old]", box)) note.hidden = false;
        wait(soon);
      }).finally(() => clearTimeout(late));
    }
    wait(every);
    // A machine that slept shows what it had.
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") ask();
    });
  }

  // ── small courtesies ────────────────────────────────────────────────────────────────────────
  function courtesies() {
    const errors = document.getElementById("errors");
    if (errors) errors.focus();
    // A long menu scrolls by itself: where one is stands in it.
    const here = document.querySelector(".menu [aria-current]");
    const menu = here && here.closest(".menu");
    if (menu) menu.scrollTop = Math.max(0, here.offsetTop - menu.clientHeight / 2);
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && location.hash === "#menu") location.hash = "#top";
    });
  }

  lists();
  conditions();
  spans();
  limits();
  drafts();
  live();
  confirms();
  onePress();
  search();
  narrow();
  rosters();
  wall();
  courtesies();
})();
