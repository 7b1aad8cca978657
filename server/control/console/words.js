// All words of the page, in English and Chinese: those of the frame here, those of screens in words_*.js. t(key, ...values)
// gives the ones of the language in use.

import { screenWords } from "./words_screens.js";

const frameWords = {
  "console.title": ["CVM Renewal Emulator", "CVM 续费模拟器"],
  "console.skip": ["Skip to the content", "跳到正文"],
  "console.screens": ["Screens", "页面"],
  "console.account": ["Account", "账号"],
  "console.default": ["{0} (default)", "{0}(默认)"],
  "console.language": ["中文", "English"],
  "console.language_title": ["切换到中文", "Switch to English"],
  "console.zone": ["Time zone {0}; switch to {1}", "时区 {0},切换到 {1}"],
  "console.help": ["Keyboard help", "键盘帮助"],
  "console.clock": ["Clock of the account", "账号时钟"],
  "console.frozen": ["frozen", "已冻结"],
  "console.ticking": ["running", "运行中"],
  "console.loading": ["Reading…", "读取中…"],
  "console.read_only": [
    "Read-only: the server was started with --console read-only. What would change something is refused.",
    "只读:服务以 --console read-only 启动,所有修改操作都会被拒绝。",
  ],
  "console.restarted": [
    "The server was restarted. Everything was read anew.",
    "服务已重新启动,所有内容已重新读取。",
  ],
  "console.lost": ["The server is not reachable. Trying again…", "无法连接服务,正在重试…"],
  "console.dismiss": ["Dismiss", "知道了"],
  "console.error": ["The server says: {0}", "服务返回:{0}"],
  "console.no_screen": ["There is no such screen.", "没有这个页面。"],
  "dialog.close": ["Close", "关闭"],
  "dialog.cancel": ["Cancel", "取消"],
  "token.title": ["Admin token", "管理令牌"],
  "token.why": [
    "The server was started with --admin-token. The token is kept for this tab only.",
    "服务以 --admin-token 启动。令牌只在当前标签页保存。",
  ],
  "token.label": ["Token", "令牌"],
  "token.wrong": ["This token was refused.", "该令牌被拒绝。"],
  "token.send": ["Continue", "继续"],
  "table.rows": ["{0} to {1} of {2}", "第 {0} 至 {1} 条,共 {2} 条"],
  "table.previous": ["Previous", "上一页"],
  "table.next": ["Next", "下一页"],
  "help.key": ["Key", "按键"],
  "help.does": ["What it does", "作用"],
  "help.help": ["This help", "打开本帮助"],
  "help.filter": ["To the filter", "跳到筛选框"],
  "help.rows": ["Next row, row before", "下一行、上一行"],
  "help.open": ["Open the row", "打开该行"],
  "help.go": ["To the screen {0}", "转到「{0}」页面"],
  "help.escape": ["Close, give up", "关闭、放弃"],
};

export const words = { ...frameWords, ...screenWords };

const LANGUAGES = ["en", "zh"];
const KEPT = "cvm-console-language";

let current = "en";

export const language = () => current;

// The one that was chosen before, else the browser's.
export function chooseLanguage() {
  const kept = localStorage.getItem(KEPT);
  current = LANGUAGES.includes(kept) ? kept : navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export function setLanguage(next) {
  current = next;
  localStorage.setItem(KEPT, next);
}

// {0}, {1} stand for the values.
export function t(key, ...values) {
  const text = words[key]?.[LANGUAGES.indexOf(current)];
  if (text === undefined) throw new Error(`there is no word ${key}`);
  return text.replace(/\{(\d)\}/g, (_, i) => values[i]);
}
