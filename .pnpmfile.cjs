// What every published manifest has besides its own fields. The root manifest says where the project lives.
const { repository, homepage, bugs } = require("./package.json");

/** Fields that only this repository has a use for. */
const OWN = ["scripts", "devDependencies"];

module.exports = {
  hooks: {
    beforePacking(manifest) {
      const published = { ...manifest };
      for (const field of OWN) delete published[field];
      const directory = `packages/${manifest.name.replace("@capnweb/", "")}`;
      return {
        ...published,
        homepage: `${homepage}/tree/main/${directory}`,
        repository: { ...repository, directory },
        bugs,
      };
    },
  },
};
