"use strict";
{
  const form = document.getElementById("choose");
  const holder = document.getElementById("blocks");
  const blocks = [...holder.children];
  const all = document.getElementById("all");
  const order = { red: 0, amber: 1, green: 2, worse: 0, better: 1, lower: 2, higher: 2, same: 3, none: 4 };
  const value = (id) => document.getElementById(id).value;
  const by = {
    "": (one, other) => blocks.indexOf(one) - blocks.indexOf(other),
    name: (one, other) => nameOf(one).localeCompare(nameOf(other)),
    rag: (one, other) => order[one.dataset.rag] - order[other.dataset.rag],
    way: (one, other) => order[one.dataset.way] - order[other.dataset.way],
  };
  const nameOf = (block) => block.querySelector(".name").textContent;

  function show() {
    const asked = value("search").trim().toLowerCase();
    let found = 0;
    for (const block of blocks) {
      // a portfolio has several dashboards
      const fits = ["of", "rag", "way"].every((id) => !value(id) || value(id).split(" ").includes(block.dataset[id]));
      block.hidden = !(fits && block.dataset.text.includes(asked));
      found += !block.hidden;
    }
    holder.append(...[...blocks].sort(by[value("sort")]));
    const kind = value("by");
    for (const drawn of holder.querySelectorAll("figure[data-kind]")) {
      const drawings = [...drawn.parentElement.querySelectorAll("figure[data-kind]")];
      const chosen = drawings.find((each) => each.dataset.kind === kind)
        ?? drawings.find((each) => "best" in each.dataset) ?? drawings[0];
      drawn.hidden = drawn !== chosen;
    }
    document.getElementById("found").textContent = `${found} of ${blocks.length} indicators`;
  }

  for (const each of [...blocks, all]) each.open = false;
  form.hidden = false;
  form.addEventListener("input", () => { show(); all.open = true; });
  form.addEventListener("submit", (event) => event.preventDefault());
  // in full only what the reader has opened: the annex is the print of all
  window.addEventListener("beforeprint", () => { all.open = true; });
  show();
}
