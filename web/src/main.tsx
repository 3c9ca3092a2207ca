import { createDOMRenderer, RendererProvider } from "@fluentui/react-components";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queries } from "./api/query";
import { App } from "./app/App";
import "./app/base.css";

// The policy of the page lets in only styles that carry the nonce of this very answer.
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content;
const renderer = createDOMRenderer(document, nonce ? { styleElementAttributes: { nonce } } : {});

const root = document.getElementById("root");
if (root) {
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
