// The API's description, read from the server itself and laid out. Text is only ever set as text.
"use strict";

const chinese = (navigator.language || "").toLowerCase().startsWith("zh");
const words = chinese
  ? { parameters: "参数", body: "请求体", answer: "响应", schemas: "数据结构", role: "角色", scope: "密钥权限", required: "必填", none: "无需登录", noKey: "密钥不可用", search: "搜索", problems: "错误" }
  : { parameters: "Parameters", body: "Body", answer: "Answer", schemas: "Schemas", role: "roles", scope: "key scope", required: "required", none: "nobody signed in", noKey: "no keys", search: "Search", problems: "Problems" };
const problems = {
  invalid: ["422", "The input breaks a rule; field says where.", "输入不符合规则；field 指出位置。"],
  not_found: ["404", "No such thing, or not in your organisation.", "不存在，或不属于您的组织。"],
  conflict: ["409", "Not as things stand now; detail says what stands against it.", "与现状冲突；detail 说明原因。"],
  changed: ["409", "Somebody else changed it since it was read; read it again and send the new version.", "读取之后别人改过；再读一次，带新的版本号发送。"],
  taken: ["409", "The code or address belongs to something else; field says which.", "代码或地址已有别的在用；field 指出是哪一个。"],
  unauthenticated: ["401", "Who is calling is not known.", "未登录或密钥无效。"],
  forbidden: ["403", "Known, but may not.", "身份已知，但无权执行。"],
  limit: ["413 / 422", "Larger than a stated limit.", "超过规定的上限。"],
  throttled: ["429", "Too often; Retry-After says how long to wait.", "过于频繁；Retry-After 说明需等待多久。"],
  busy: ["503", "A bounded queue is full; try again.", "队列已满，请稍后重试。"],
  inestimable: ["422", "It can't be estimated from these data.", "这些数据无法得出估计。"],
  unsupported: ["422", "A file of a format that isn't read here, or another thing that isn't done; hint says what to do.", "文件格式在此不能读取，或所求之事不支持；hint 说明该怎么办。"],
};

function element(name, text, attributes = {}) {
  const node = document.createElement(name);
  if (text !== undefined) node.textContent = text;
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

function typeNode(schema) {
  const node = element("code");
  if (schema.$ref) {
    const name = schema.$ref.split("/").pop();
    node.append(element("a", name, { href: `#schema-${name}` }));
  } else if (schema.type === "array") {
    node.append("[", typeNode(schema.items), "]");
  } else if (schema.enum) {
    node.textContent = schema.enum.join(" | ");
  } else {
    node.textContent = [schema.type].flat().join(" | ") + (schema.format ? ` (${schema.format})` : "");
  }
  return node;
}

function rules(schema) {
  const parts = [];
  for (const [key, sign] of [["minimum", "≥ "], ["maximum", "≤ "], ["exclusiveMinimum", "> "], ["minLength", "length ≥ "], ["maxLength", "length ≤ "], ["minItems", "entries ≥ "], ["maxItems", "entries ≤ "], ["default", "default "]])
    if (key in schema) parts.push(sign + schema[key]);
  return parts.join(", ");
}

function row(name, schema, required, description) {
  const line = element("tr");
  const type = element("td");
  type.append(typeNode(schema));
  line.append(element("td", name), type, element("td", [required ? words.required : "", description || schema.description || "", rules(schema)].filter(Boolean).join(" · ")));
  return line;
}

function table(rows) {
  const node = element("table");
  node.append(...rows);
  return node;
}

function labelled(label, ...nodes) {
  const line = element("p", `${label}: `, { class: "note" });
  line.append(...nodes);
  return line;
}

function operationNode(spec, path, method, item) {
  const operation = item[method];
  const deref = (p) => (p.$ref ? spec.components.parameters[p.$ref.split("/").pop()] : p);
  const node = element("section", undefined, { id: operation.operationId });
  const heading = element("h3");
  heading.append(element("span", method.toUpperCase(), { class: "method" }), spec.servers[0].url + path);
  node.append(heading, element("div", operation.summary));
  const role = operation["x-role"] === "none" ? words.none : `${words.role} ${operation["x-role"].join(", ")}`;
  const scope = operation["x-scope"] ? `${words.scope} ${operation["x-scope"]}` : words.noKey;
  node.append(element("p", operation["x-role"] === "none" ? role : `${role} · ${scope}`, { class: "note" }));
  const parameters = [...(item.parameters || []), ...(operation.parameters || [])].map(deref);
  if (parameters.length) {
    node.append(element("p", words.parameters, { class: "note" }));
    node.append(table(parameters.map((p) => row(`${p.name} (${p.in})`, p.schema, p.required, p.description))));
  }
  if (operation.requestBody)
    for (const [media, value] of Object.entries(operation.requestBody.content)) node.append(labelled(words.body, `${media} `, typeNode(value.schema)));
  for (const [status, answer] of Object.entries(operation.responses))
    for (const [media, value] of Object.entries(answer.content || (answer.$ref ? {} : { "": { schema: { type: "–" } } })))
      node.append(labelled(words.answer, `${status} ${media} `, typeNode(value.schema)));
  return node;
}

function schemaNode(name, schema) {
  const node = element("section", undefined, { id: `schema-${name}` });
  node.append(element("h3", name), element("div", schema.description || ""));
  const required = new Set(schema.required || []);
  if (schema.properties) node.append(table(Object.entries(schema.properties).map(([key, value]) => row(key, value, required.has(key)))));
  else node.append(typeNode(schema));
  return node;
}

function problemNodes() {
  return Object.entries(problems).map(([code, [status, en, zh]]) => {
    const node = element("section", undefined, { id: `problem-${code}` });
    node.append(element("h3", `${code} · ${status}`), element("div", chinese ? zh : en));
    return node;
  });
}

function show(spec) {
  const nav = document.getElementById("nav");
  const main = document.getElementById("main");
  document.getElementById("title").textContent = `${spec.info.title} API ${spec.info.version}`;
  main.append(element("p", spec.info.description.trim()));
  for (const tag of spec.tags) {
    nav.append(element("h2", `${tag.name} – ${tag.description}`));
    for (const [path, item] of Object.entries(spec.paths))
      for (const method of ["get", "post", "put", "patch", "delete"])
        if (item[method]?.tags?.includes(tag.name)) {
          nav.append(element("a", `${method.toUpperCase()} ${path}`, { href: `#${item[method].operationId}` }));
          main.append(operationNode(spec, path, method, item));
        }
  }
  nav.append(element("h2", words.schemas));
  for (const [name, schema] of Object.entries(spec.components.schemas)) {
    nav.append(element("a", name, { href: `#schema-${name}` }));
    main.append(schemaNode(name, schema));
  }
  nav.append(element("h2", words.problems));
  for (const code of Object.keys(problems)) nav.append(element("a", code, { href: `#problem-${code}` }));
  main.append(...problemNodes());
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

document.documentElement.lang = chinese ? "zh-CN" : "en";
const search = document.getElementById("search");
search.placeholder = words.search;
search.addEventListener("input", () => {
  const wanted = search.value.toLowerCase();
  for (const node of document.querySelectorAll("nav a, main section")) node.hidden = !node.textContent.toLowerCase().includes(wanted);
});
fetch("/api/v1/openapi.json").then((answer) => answer.json()).then(show);
