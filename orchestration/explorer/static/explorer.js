// What Datasette's pages do not say to those who hear them: their language, and what each field is.
document.documentElement.lang = "en";

function name(page) {
  for (const field of page.querySelectorAll("select, input:not([type=submit]), textarea")) {
    const legend = field.closest("fieldset")?.querySelector("legend")?.textContent;
    const told = legend || field.placeholder || (field.name || "SQL").replaceAll("_", " ");
    if (field.getAttribute("aria-label") !== told) field.setAttribute("aria-label", told);
  }
  for (const heading of page.querySelectorAll("h3:not([aria-level])")) heading.setAttribute("aria-level", 2);
  // what charts bring with them, once they are drawn
  for (const menu of page.querySelectorAll(".vega-embed > details > summary")) menu.setAttribute("aria-label", "Save this chart");
  for (const table of page.querySelectorAll(".dashboard-card-chart > div")) table.tabIndex = 0;
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelector("section.content")?.setAttribute("role", "main");
  // a screen of explanations stands before each table
  const columns = document.querySelector("dl.column-descriptions");
  if (columns) {
    const details = document.createElement("details");
    details.innerHTML = "<summary>What the columns hold</summary>";
    columns.replaceWith(details);
    details.append(columns);
  }
  name(document);
  new MutationObserver(() => name(document)).observe(document.body, { childList: true, subtree: true });
});
