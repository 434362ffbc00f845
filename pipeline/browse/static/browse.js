// Datasette's frame does not say its language, nor which part of it is the page.
document.documentElement.lang = "en";
document.querySelector("section.content")?.setAttribute("role", "main");
document.querySelector("footer.ft")?.setAttribute("role", "contentinfo");
