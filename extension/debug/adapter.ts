// The debugger's side of a run: its toolbar pauses, goes on, trains one step, stops, restarts. A training has one thread
// and, while paused, one frame, "step 1204", that belongs to no file.
import * as vscode from 'vscode';
import type { RunPhase } from '../../protocol/engine.ts';
import type { Controller, Driven, Launch } from '../run/controller.ts';
import { plain } from '../plain.ts';
import type { Subscription } from '../signal.ts';
import type { Configuration } from './configuration.ts';

const threadId = 1;

interface Request {
  seq: number;
  type: string;
  command: string;
  arguments?: Record<string, unknown>;
}

export class TrainingAdapter extends vscode.Disposable implements vscode.DebugAdapter {
  readonly #sent = new vscode.EventEmitter<vscode.DebugProtocolMessage>();
  readonly onDidSendMessage = this.#sent.event;
  readonly #controller: Controller;
  readonly #launch: Launch;
  readonly #joined: Driven | undefined;
  readonly #subscriptions: Subscription[] = [];
  #driven: Driven | null = null;
  #phase: RunPhase = 'starting';
  #pausedAt = 0;
  #sequence = 1;

  /** @param joined the run that goes on already, where the session is for one; else it is started */
  constructor(controller: Controller, launch: Launch, joined: Driven | undefined) {
    super(() => {
      for (const subscription of this.#subscriptions) subscription.dispose();
      this.#sent.dispose();
    });
    this.#controller = controller;
    this.#launch = launch;
    this.#joined = joined;
    this.#subscriptions.push(
      controller.changed.on(({ driven }) => {
        if (driven === this.#driven) this.#follow(driven.live.status.phase);
      }),
      controller.ended.on(({ driven, end }) => {
        if (driven !== this.#driven) return;
        this.#event('exited', { exitCode: end.end?.exitCode ?? 1 });
        this.#event('terminated', {});
      }),
    );
  }

  handleMessage(message: vscode.DebugProtocolMessage): void {
    const request = message as Request;
    if (request.type !== 'request') return;
    this.#serve(request).then(
      (body) => {
        this.#respond(request, { success: true, body });
        if (request.command === 'launch') this.#event('initialized', {});
      },
      (error: unknown) => {
        const format = plain(error instanceof Error ? error.message : String(error));
        this.#respond(request, {
          success: false,
          message: format,
          body: { error: { id: 1, format, showUser: true } },
        });
        if (request.command === 'launch') this.#event('terminated', {});
      },
    );
  }

  async #serve({ command, arguments: args = {} }: Request): Promise<unknown> {
    switch (command) {
      case 'initialize':
        return { supportsConfigurationDoneRequest: true, supportsTerminateRequest: true };
      case 'launch':
        this.#driven = this.#joined ?? (await this.#controller.start(this.#launch));
        // What has happened since is news to the editor once it has set itself up.
        setTimeout(() => {
          if (this.#driven) this.#follow(this.#driven.live.status.phase);
        });
        return undefined;
      case 'setBreakpoints':
        return { breakpoints: refusedBreakpoints(args['breakpoints']) };
      case 'threads':
        return { threads: [{ id: threadId, name: vscode.l10n.t('training') }] };
      case 'stackTrace':
        return { stackFrames: this.#frames(), totalFrames: 1 };
      case 'scopes':
        return { scopes: [] };
      case 'pause':
        await this.#controller.pause(this.#running());
        return undefined;
      case 'continue':
        await this.#controller.resume(this.#running());
        return { allThreadsContinued: true };
      case 'next':
      case 'stepIn':
      case 'stepOut':
        await this.#controller.step(this.#running());
        return undefined;
      case 'terminate':
        // To start anew at once, the old run is not asked for its last words.
        if (args['restart'] === true) this.#running().live.stop();
        else await this.#controller.stop(this.#running());
        return undefined;
      case 'disconnect':
        // A window that goes away disconnects, too, and does not mean the end of the run.
        if (args['terminateDebuggee'] === true) this.#driven?.live.stop();
        return undefined;
      case 'configurationDone':
      case 'setExceptionBreakpoints':
      case 'setFunctionBreakpoints':
        return undefined;
      default:
        throw new Error(vscode.l10n.t('A training knows no "{0}".', command));
    }
  }

  #running(): Driven {
    if (!this.#driven) throw new Error(vscode.l10n.t('The training has not started.'));
    return this.#driven;
  }

  #frames(): object[] {
    if (this.#phase !== 'paused') return [];
    const name = vscode.l10n.t('step {0}', this.#driven?.live.status.step ?? 0);
    return [{ id: 1, name, line: 0, column: 0, presentationHint: 'label' }];
  }

  /** Tells the editor of a pause and of its end; a step that was too short to be seen running is both. */
  #follow(phase: RunPhase): void {
    const step = this.#driven?.live.status.step ?? 0;
    const isNewPause = phase === 'paused' && (this.#phase !== 'paused' || step !== this.#pausedAt);
    const goesOn = this.#phase === 'paused' && (phase !== 'paused' || isNewPause);
    this.#phase = phase;
    if (goesOn) this.#event('continued', { threadId, allThreadsContinued: true });
    if (!isNewPause) return;
    this.#pausedAt = step;
    this.#event('stopped', { reason: 'pause', threadId, allThreadsStopped: true, preserveFocusHint: true });
  }

  #respond({ seq, command }: Request, answer: object): void {
    this.#send({ type: 'response', request_seq: seq, command, ...answer });
  }
  #event(event: string, body: object): void {
    this.#send({ type: 'event', event, body });
  }
  #send(message: object): void {
    this.#sent.fire({ seq: this.#sequence++, ...message });
  }
}

function refusedBreakpoints(asked: unknown): object[] {
  const message = vscode.l10n.t('Unroll cannot stop at a line yet; it pauses at the end of a training step.');
  return Array.isArray(asked) ? asked.map(() => ({ verified: false, message })) : [];
}

export class AdapterFactory implements vscode.DebugAdapterDescriptorFactory {
  readonly #controller: Controller;

  constructor(controller: Controller) {
    this.#controller = controller;
  }

  createDebugAdapterDescriptor(session: vscode.DebugSession): vscode.DebugAdapterDescriptor {
    const { launch, run } = session.configuration as Configuration;
    if (!launch) throw new Error('a session of no launch');
    const joined = run === undefined ? undefined : this.#controller.find(run);
    return new vscode.DebugAdapterInlineImplementation(new TrainingAdapter(this.#controller, launch, joined));
  }
}
