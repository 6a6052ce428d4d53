// What a script adds to pages that work without it: buttons that copy, and a page of work under way that looks again by itself
// as long as nobody uses it. It makes no markup from text.
for (const button of document.querySelectorAll(".copy .needs-script")) {
  button.addEventListener("click", async () => {
    const before = button.textContent;
    try {
      await navigator.clipboard.writeText(button.parentElement.querySelector("output").textContent.trim());
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(button.parentElement.querySelector("output"));
      button.textContent = "Press Ctrl+C";
    }
    setTimeout(() => { button.textContent = before; }, 2000);
  });
}
if (document.querySelector("progress[data-live]")) {
  setInterval(() => {
    if (!document.hidden && document.activeElement === document.body && scrollY < 200) location.reload();
  }, 3000);
}
