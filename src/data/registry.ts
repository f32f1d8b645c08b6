import { listQueue, nextQueueTime, readQueueState } from './reads/fetch-queue.ts';
import { exportPage } from './reads/export-page.ts';
import { findRun } from './reads/find-run.ts';
import { findWorkspace } from './reads/find-workspace.ts';
import { getConversation } from './reads/get-conversation.ts';
import { listTags } from './reads/list-tags.ts';
import { readSetting } from './reads/read-setting.ts';
import { readStatus } from './reads/read-status.ts';
import { searchConversations } from './reads/search-conversations.ts';
import { readSyncPlan } from './reads/sync-plan.ts';
import { listRequests, readRequestResult } from './reads/sync-requests.ts';
import { listWakes } from './reads/sync-wakes.ts';
import { applyContactPage } from './writes/apply-contacts.ts';
import { applyConversationPage } from './writes/apply-conversation-page.ts';
import { applyDeletions } from './writes/apply-deletions.ts';
import { applyThreads } from './writes/apply-threads.ts';
import { bindWorkspace } from './writes/bind-workspace.ts';
import { acquireLease, releaseLease, renewLease } from './writes/lease.ts';
import { mergeSearchIndex } from './writes/merge-search-index.ts';
import { replaceSmallTable } from './writes/replace-small-table.ts';
import { releaseParked } from './writes/release-parked.ts';
import { finishRun, noteProgress, requestSync, startRun, withdrawRequest } from './writes/runs.ts';
import { failEntity, finishScan, restartWindow, startScan } from './writes/scans.ts';
import { putWakes, takeWakes } from './writes/sync-wakes.ts';

/** Every read operation by name: the names and types are the protocol of the thread boundary. */
export const reads = {
  exportPage,
  findRun,
  findWorkspace,
  getConversation,
  listQueue,
  listRequests,
  listTags,
  listWakes,
  nextQueueTime,
  readQueueState,
  readRequestResult,
  readSetting,
  readStatus,
  readSyncPlan,
  searchConversations,
};

/** Every write operation by name; each runs in one transaction. */
export const writes = {
  acquireLease,
  applyContactPage,
  applyConversationPage,
  applyDeletions,
  applyThreads,
  bindWorkspace,
  failEntity,
  finishRun,
  finishScan,
  mergeSearchIndex,
  noteProgress,
  putWakes,
  releaseLease,
  releaseParked,
  renewLease,
  replaceSmallTable,
  requestSync,
  restartWindow,
  startRun,
  startScan,
  takeWakes,
  withdrawRequest,
};
