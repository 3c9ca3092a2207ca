import { createDOMRenderer, RendererProvider } from "@fluentui/react-components";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queries } from "./api/query";
import { App } from "./app/App";
import "./app/base.css";
import { language, speak } from "./words";

// The policy of the page lets in only styles that carry the nonce of this very answer.
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content;
const renderer = createDOMRenderer(document, nonce ? { styleElementAttributes: { nonce } } : {});

const root = document.getElementById("root");

/** Texts are looked up while screens are loaded, so the language comes first. */
async function show(root: HTMLElement): Promise<void> {
  await speak();
  document.documentElement.lang = language();
  createRoot(root).render(
    <StrictMode>
      <RendererProvider renderer={renderer} targetDocument={document}>
        <QueryClientProvider client={queries}>
          <App />
        </QueryClientProvider>
      </RendererProvider>
    </StrictMode>,
  );
}

if (root) {
  show(root).catch(() => {
    // Not even the texts could be fetched; the one sentence that stands in no table.
    root.textContent = "Countersign could not be loaded. Load this page again.";
  });
}
