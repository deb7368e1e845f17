// Being told of messages when no page is open: asked for by a click, and given up by another.

import { api } from "./api.js";
import { bytes } from "./base64url.js";
import { registration } from "./installed.js";

/** How things stand here: {can, isRefused, isOn, showText}. */
export async function situation() {
  const can = "Notification" in globalThis && "PushManager" in globalThis && Boolean(await registration());
  if (!can) return { can, isRefused: false, isOn: false, showText: false };
  const { subscription } = await api.push();
  const isAllowed = Notification.permission === "granted";
  return {
    can,
    isRefused: Notification.permission === "denied",
    isOn: isAllowed && Boolean(subscription) && subscription.endpoint === (await held())?.endpoint,
    showText: subscription?.show_text ?? false,
  };
}

/** Ask the browser, if it was not asked before, and tell the node where; answers whether this person is told now. */
export async function turnOn(showText) {
  if ((await Notification.requestPermission()) !== "granted") return false;
  const { public_key: key } = await api.push();
  const { pushManager } = await registration();
  const subscription = (await held()) ?? (await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) }));
  const { endpoint, keys } = subscription.toJSON();
  const standard = PushManager.supportedContentEncodings?.includes("aes128gcm") ?? true;
  await api.subscribe({ endpoint, keys, standard, show_text: showText });
  return true;
}

export async function turnOff() {
  await api.unsubscribe();
  await (await held())?.unsubscribe();
}

async function held() {
  return (await registration()).pushManager.getSubscription();
}
