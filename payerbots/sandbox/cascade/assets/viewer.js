// The bar above a document: zoom, and the download.
(() => {
  const paper = document.getElementById("paper");
  let zoom = 100;
  const set = (value) => {
    zoom = Math.min(160, Math.max(60, value));
    paper.style.zoom = String(zoom / 100);
    document.getElementById("zoom").textContent = `${zoom}%`;
  };
  document.getElementById("zoom-in").addEventListener("click", () => set(zoom + 20));
  document.getElementById("zoom-out").addEventListener("click", () => set(zoom - 20));
  const link = document.querySelector("a[download]");
  link.addEventListener("click", () => {
    parent.postMessage({ kind: "download", name: link.download }, location.origin);
    if (!("twice" in document.body.dataset)) return;
    delete document.body.dataset.twice;
    link.click();
  });
})();
