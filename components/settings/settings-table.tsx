import { CopyButton } from "@/components/ui/copy-button";
import type { Setting } from "@/lib/contract/settings";

const HEAD = ["Setting", "In force", "Set by", "As a variable", "In headwater.yaml"];
const FROM: Record<Setting["from"], string> = { default: "default", file: "headwater.yaml", variable: "variable" };

/** Every setting of the server, and the two places where it is changed. */
export function SettingsTable({ settings }: { settings: readonly Setting[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
    <section className="overflow-x-auto" aria-label="Settings of the server" tabIndex={0}>
      <table className="w-full border-separate border-spacing-0 text-xs">
        <thead>
          <tr>
            {HEAD.map((name) => (
              <th
                key={name}
                scope="col"
                className="h-8 whitespace-nowrap border-y border-line bg-surface-2 px-2 text-left text-2xs font-medium text-ink-2 first:pl-4 last:pr-4"
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {settings.map((setting) => (
            <tr key={setting.name} className="[&:not(:last-child)>td]:border-b [&>td]:border-line">
              <td className="h-7.75 py-1 pl-4 pr-2">{setting.meaning}</td>
              <td className="px-2">
                <Value setting={setting} />
              </td>
              <td className="whitespace-nowrap px-2 text-ink-2">{FROM[setting.from]}</td>
              <td className="px-2">
                <span className="flex items-center gap-0.5">
                  <code className="whitespace-nowrap text-2xs text-ink-2">{setting.variable}</code>
                  <CopyButton text={variableLine(setting)} />
                </span>
              </td>
              <td className="pl-2 pr-4">
                <span className="flex items-center gap-0.5">
                  <code className="whitespace-nowrap text-2xs text-ink-2">{keyOf(setting)}</code>
                  <CopyButton text={fileLines(setting)} />
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Value({ setting: { value, secret, from, pending } }: { setting: Setting }) {
  return (
    <>
      {value !== null ? (
        <code className="break-all text-2xs font-medium">{value}</code>
      ) : (
        <span className="text-ink-3">{secret && from !== "default" ? "set, never shown" : "not set"}</span>
      )}
      {pending && <span className="block text-2xs text-warn-text">another value counts from the next start</span>}
    </>
  );
}

const keyOf = ({ name }: Setting): string => (name === "perspective" ? name : `server.${name}`);

const NEW_SECRET = '"$(openssl rand -hex 24)"';

/** What to write into a shell; a value that a shell would take apart is quoted. */
function variableLine({ variable, value, secret }: Setting): string {
  if (secret) return `export ${variable}=${NEW_SECRET}`;
  const text = value ?? "";
  return `export ${variable}=${/^[\w./:@,+-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`}`;
}

/** Lines of YAML; what YAML might take for something else is quoted. */
function fileLines(setting: Setting): string {
  const text = setting.value ?? "";
  const line = `${setting.name}: ${/^[\w./-]+$/.test(text) ? text : JSON.stringify(text)}`;
  return setting.name === "perspective" ? line : `server:\n  ${line}`;
}
