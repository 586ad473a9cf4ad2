const TEXTLESS = new Set(["radio", "checkbox", "button", "file", "range", "submit"]);

/** Whether a key pressed there is text, so that it must not be taken as a shortcut. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.tagName === "TEXTAREA" ||
    target.tagName === "SELECT" ||
    (target instanceof HTMLInputElement && !TEXTLESS.has(target.type)));
