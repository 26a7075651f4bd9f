// IndexedDB, as promises: a transaction resolves when it is on the disk, never before.
const NAME = "myotome-bedside";
const VERSION = 1;

/** A request's result, as a promise. */
export const answered = (request) =>
  new Promise((yes, no) => {
    request.onsuccess = () => yes(request.result);
    request.onerror = () => no(request.error);
  });

/** Do something with a request's result within its transaction. */
export function wanted(request, act) {
  request.onsuccess = () => act(request.result);
}

function laid(base) {
  base.createObjectStore("keys", { keyPath: "staff" });
  base.createObjectStore("packs", { keyPath: "name" });
  base.createObjectStore("facts", { keyPath: "name" });
  const entries = base.createObjectStore("entries", { keyPath: "seq", autoIncrement: true });
  entries.createIndex("id", "id", { unique: true });
  entries.createIndex("staff", "staff");
}

async function connected() {
  const request = indexedDB.open(NAME, VERSION);
  request.onupgradeneeded = () => laid(request.result);
  const connection = await answered(request);
  connection.onversionchange = () => connection.close();
  return connection;
}

/** The database of this device. Its connection is renewed where the system took it away, as tablets do in their sleep. */
export async function opened() {
  return { connection: await connected() };
}

async function begun(base, stores, mode, options) {
  try {
    return base.connection.transaction(stores, mode, options);
  } catch (error) {
    if (error.name === "NotFoundError") throw error;
    base.connection = await connected();
    return base.connection.transaction(stores, mode, options);
  }
}

/** Read from one store: `act` is handed the store and gives one request. */
export async function read(base, store, act) {
  const transaction = await begun(base, [store], "readonly");
  return answered(act(transaction.objectStore(store)));
}

/** Write: `act` is handed the stores and makes its requests at once; resolves when all of it is on the disk. */
export async function written(base, stores, act) {
  const transaction = await begun(base, stores, "readwrite", { durability: "strict" });
  const done = new Promise((yes, no) => {
    transaction.oncomplete = () => yes();
    transaction.onabort = () => no(transaction.error ?? new DOMException("", "AbortError"));
  });
  act(...stores.map((name) => transaction.objectStore(name)));
  await done;
}

/** Within a transaction: delete the rows of a store that are not to be kept. */
export function lasting(store, kept) {
  wanted(store.openCursor(), function next(cursor) {
    if (!cursor) return;
    if (!kept(cursor.value)) cursor.delete();
    cursor.continue();
  });
}
