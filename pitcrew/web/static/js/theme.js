// Light or dark: the system's, until somebody switches; kept in a cookie so that the next page begins with it.
import { on } from "./page.js";

const root = document.documentElement;

on("click", "[data-do='theme']", () => {
  const dark = root.dataset.theme
    ? root.dataset.theme === "dark"
    : window.matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; SameSite=Lax${secure}`;
});
