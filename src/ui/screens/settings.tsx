import { type JSX, useState } from 'react';
import { useKeptPage } from '../../app/kept-page.ts';
import { swarmOf } from '../../app/links.ts';
import { usePage } from '../../app/state.ts';
import { chooseTheme, chosenTheme, type Theme } from '../../app/theme.ts';
import { version } from '../../app/version.ts';
import { formatBytes } from '../../figures/format.ts';
import { Figures } from '../primitives/figures.tsx';
import { HealthMark } from '../primitives/health-mark.tsx';
import { anotherPeer } from '../profile-link.ts';
import { ErasePeer } from '../settings/erase-peer.tsx';
import { shown } from '../shown.ts';
import { strings } from '../strings.ts';

const words = strings.settings;

/** What can be chosen here, what this browser keeps, and the way to erase it. */
export function SettingsScreen(): JSX.Element {
  const profile = usePage((state) => state.profile);
  const snapshot = usePage(shown);
  return (
    <>
      <h1>{words.title}</h1>
      <ThemeChoice />
      <section className="card" aria-labelledby="profile">
        <h2 id="profile">{words.profile}</h2>
        <Figures
          items={[
            [words.profileName, profile === '' ? strings.swarm.unnamedProfile : profile],
            [words.swarmName, swarmOf(location.search)],
          ]}
        />
        <p className="muted">{words.profileHint}</p>
        <a className="button button-plain" href={anotherPeer(profile, location.search)} target="_blank" rel="noopener">
          {words.another}
        </a>
      </section>
      <Kept />
      <section className="card" aria-labelledby="versions">
        <h2 id="versions">{words.versions}</h2>
        <Figures items={[[words.version, version]]} />
      </section>
      <ErasePeer profile={profile} snapshot={snapshot} />
    </>
  );
}

function ThemeChoice(): JSX.Element {
  const [theme, setTheme] = useState(chosenTheme);
  const choose = (chosen: Theme): void => {
    chooseTheme(chosen);
    setTheme(chosen);
  };
  return (
    <fieldset className="card theme-choice">
      <legend>{words.theme}</legend>
      {(['system', 'dark', 'light'] as const).map((each) => (
        <label key={each} className="chip">
          <input type="radio" name="theme" value={each} checked={theme === each} onChange={() => choose(each)} />
          {words.themes[each]}
        </label>
      ))}
    </fieldset>
  );
}

function Kept(): JSX.Element {
  const self = usePage((state) => shown(state)?.self);
  const { offline } = useKeptPage();
  const persisted = self?.persisted ?? false;
  return (
    <section className="card" aria-labelledby="storage">
      <h2 id="storage">{words.storage}</h2>
      <div className="kept" data-persisted={persisted}>
        <HealthMark
          mark={{
            word: persisted ? words.persisted : words.evictable,
            shape: persisted ? 'disc' : 'ring',
            tone: persisted ? 'safe' : 'thin',
          }}
        />
        <p className="muted">{persisted ? words.persistedText : words.evictableText}</p>
        {self !== undefined && <p>{words.held(self.shards, formatBytes(self.used))}</p>}
      </div>
      <div className="kept" data-offline={offline}>
        <h3>{words.offline}</h3>
        <HealthMark
          mark={{
            word: offline ? words.offlineReady : words.offlineNot,
            shape: offline ? 'disc' : 'square',
            tone: offline ? 'safe' : 'muted',
          }}
        />
        <p className="muted">{offline ? words.offlineReadyText : words.offlineNotText}</p>
      </div>
    </section>
  );
}
