// A folder of the origin's private file system, in memory: as much of it as the store of models uses.

class FakeFile {
  kind = 'file';
  bytes = new Uint8Array();
  async getFile() { return new Blob([this.bytes]); }
  async createSyncAccessHandle() {
    return {
      truncate: (size) => { this.bytes = this.bytes.slice(0, size); },
      write: (bytes) => {
        const room = this.disk.room - bytes.length;
        this.bytes = bytes.slice(0, room < 0 ? this.disk.room : bytes.length);
        return this.bytes.length;
      },
      flush() {}, close() {},
    };
  }
}

export class FakeFolder {
  kind = 'directory';
  children = new Map();
  /** `room`: bytes that one file may have. */
  disk;

  constructor(disk = { room: Infinity }) {
    this.disk = disk;
  }

  async getDirectoryHandle(name, { create = false } = {}) { return this.#get(name, create, () => new FakeFolder(this.disk)); }
  async getFileHandle(name, { create = false } = {}) { return this.#get(name, create, () => Object.assign(new FakeFile(), { disk: this.disk })); }
  async removeEntry(name) {
    if (!this.children.delete(name)) throw new Error('NotFoundError');
  }
  async* entries() { yield* this.children; }

  #get(name, create, make) {
    if (!this.children.has(name)) {
      if (!create) throw new Error('NotFoundError');
      this.children.set(name, make());
    }
    return this.children.get(name);
  }
}
